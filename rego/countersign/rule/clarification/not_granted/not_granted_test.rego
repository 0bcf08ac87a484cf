package countersign.rule.clarification.not_granted_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.clarification.not_granted as rule

_found(params) := {{
	"code": "clarification.not_granted",
	"effect": "deny",
	"severity": "medium",
	"waivable": false,
	"hold": null,
	"rule": "clarification.not_granted",
	"params": params,
}}

_clarification := "attested/purpose/bounds/clarification"

test_permit_granted if {
	every question in [fixture.form_request, fixture.form_response, fixture.url_request] {
		rule.findings == set() with input as question
	}
}

test_permit_other_kinds if {
	rule.findings == set() with input as fixture.changed(fixture.tool, _clarification, false)
}

test_permit_unissued_is_another_finding if {
	rule.findings == set() with input as fixture.changed(fixture.form_request, "attested/purpose", null)
}

test_deny_not_granted if {
	rule.findings == _found({"server": "ops"}) with input as fixture.changed(fixture.form_request, _clarification, false)
	rule.findings == _found({"server": "ops"}) with input as fixture.changed(fixture.form_response, _clarification, false)
}

test_deny_missing if {
	rule.findings == _found({"server": "ops"}) with input as fixture.without(fixture.form_request, _clarification)
}

test_deny_malformed if {
	every value in [null, "true", 1] {
		rule.findings == _found({"server": "ops"}) with input as fixture.changed(fixture.form_request, _clarification, value)
	}
}
