package countersign.rule.purpose.budget_spent_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.purpose.budget_spent as rule

_found(params) := {{
	"code": "purpose.budget_spent",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "purpose.budget_spent",
	"params": params,
}}

_left(question, left) := fixture.changed(question, "attested/purpose/left", left)

test_permit_uncounted_and_left if {
	rule.findings == set() with input as fixture.tool
	rule.findings == set() with input as _left(fixture.tool, {"calls": null, "model_calls": 0})
	rule.findings == set() with input as _left(fixture.tool, {"calls": 1, "model_calls": 0})
	rule.findings == set() with input as _left(fixture.sampling_request, {"calls": 0, "model_calls": 2})
}

test_permit_what_belongs_to_a_call if {
	every question in [fixture.tool_result, fixture.form_response, fixture.sampling_response, fixture.form_request] {
		rule.findings == set() with input as _left(question, {"calls": 0, "model_calls": 0})
	}
}

test_permit_unissued_is_another_finding if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "attested/purpose", null)
}

test_deny_spent if {
	rule.findings == _found({"budget": "calls"}) with input as _left(fixture.tool, {"calls": 0, "model_calls": null})
	rule.findings == _found({"budget": "model_calls"})
		with input as _left(fixture.sampling_request, {"calls": null, "model_calls": 0})
}

test_deny_missing_and_malformed if {
	every left in [null, "x", {}, {"calls": "1"}, {"calls": -1}, {"calls": true}] {
		rule.findings == _found({"budget": "calls"}) with input as _left(fixture.tool, left)
	}
	rule.findings == _found({"budget": "calls"}) with input as fixture.without(fixture.tool, "attested/purpose/left")
	rule.findings == _found({"budget": "calls"}) with input as _left(fixture.tool_result, null)
}
