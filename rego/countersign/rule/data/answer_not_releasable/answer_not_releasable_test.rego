package countersign.rule.data.answer_not_releasable_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.data.answer_not_releasable as rule

_found(params) := {{
	"code": "data.answer_not_releasable",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "data.answer_not_releasable",
	"params": params,
}}

_releasable := "registry/parameters/releasable/input_response"

_carrying(classifications) := fixture.changed(
	fixture.sampling_response,
	"question/data_scope/classifications",
	classifications,
)

test_permit_releasable if {
	rule.findings == set() with input as fixture.sampling_response
	rule.findings == set() with input as _carrying([])
}

test_permit_other_phases if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "question/data_scope/classifications", ["secret"])
}

test_deny_not_releasable if {
	rule.findings == _found({"classifications": ["secret"]}) with input as _carrying(["internal", "secret"])
	rule.findings == _found({"classifications": ["internal"]})
		with input as fixture.changed(_carrying(["internal"]), _releasable, [])
}

test_deny_missing if {
	rule.findings == _found({"classifications": ["internal"]})
		with input as fixture.changed(_carrying(["internal"]), "registry/parameters", null)
	rule.findings == _found({"classifications": []})
		with input as fixture.without(fixture.sampling_response, "question/data_scope/classifications")
}

test_deny_malformed if {
	every releasable in [null, "internal", {"x": "internal"}] {
		rule.findings == _found({"classifications": ["internal"]})
			with input as fixture.changed(_carrying(["internal"]), _releasable, releasable)
	}
	every classifications in [null, "internal"] {
		rule.findings == _found({"classifications": []}) with input as _carrying(classifications)
	}
}
