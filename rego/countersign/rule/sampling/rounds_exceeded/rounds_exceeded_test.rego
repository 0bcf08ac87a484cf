package countersign.rule.sampling.rounds_exceeded_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.sampling.rounds_exceeded as rule

_found(params) := {{
	"code": "sampling.rounds_exceeded",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "sampling.rounds_exceeded",
	"params": params,
}}

_at(turn) := fixture.changed(fixture.sampling_request, "question/round", turn)

test_permit_inside if {
	rule.findings == set() with input as fixture.sampling_request
	rule.findings == set() with input as _at(3)
}

test_permit_other_kinds_and_not_granted if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "question/round", 99)
	rule.findings == set() with input as fixture.changed(_at(99), "registry/purpose/sampling", null)
}

test_deny_too_many if {
	rule.findings == _found({"round": 4}) with input as _at(4)
	rule.findings == _found({"round": 4}) with input as fixture.changed(fixture.sampling_response, "question/round", 4)
	rule.findings == _found({"round": 3}) with input as fixture.changed(_at(3), "registry/purpose/sampling/max_rounds", 2)
}

test_deny_missing if {
	rule.findings == _found({"round": null}) with input as fixture.without(fixture.sampling_request, "question/round")
	rule.findings == _found({"round": 0})
		with input as fixture.without(fixture.sampling_request, "attested/purpose/bounds/sampling/max_rounds")
}

test_deny_malformed if {
	every turn in [null, "0", false] {
		rule.findings == _found({"round": turn}) with input as _at(turn)
	}
	rule.findings == _found({"round": 0})
		with input as fixture.changed(fixture.sampling_request, "registry/purpose/sampling/max_rounds", "5")
}
