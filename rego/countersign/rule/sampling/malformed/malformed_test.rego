package countersign.rule.sampling.malformed_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.sampling.malformed as rule

_found(params) := {{
	"code": "sampling.malformed",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "sampling.malformed",
	"params": params,
}}

_well_formed(question, value) := fixture.changed(question, "question/sampling/well_formed", value)

test_permit_well_formed if {
	rule.findings == set() with input as fixture.sampling_request
	rule.findings == set() with input as fixture.sampling_response
}

test_permit_other_kinds if {
	rule.findings == set() with input as fixture.tool
}

test_deny_malformed_content if {
	rule.findings == _found({"server": "ops"}) with input as _well_formed(fixture.sampling_request, false)
	rule.findings == _found({"server": "ops"}) with input as _well_formed(fixture.sampling_response, false)
}

test_deny_missing if {
	rule.findings == _found({"server": "ops"})
		with input as fixture.without(fixture.sampling_request, "question/sampling/well_formed")
	rule.findings == _found({"server": "ops"})
		with input as fixture.changed(fixture.sampling_request, "question/sampling", null)
}

test_deny_malformed if {
	rule.findings == _found({"server": "ops"}) with input as _well_formed(fixture.sampling_request, "true")
}
