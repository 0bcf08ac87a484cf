package countersign.rule.clarification.schema_not_flat_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.clarification.schema_not_flat as rule

_found(params) := {{
	"code": "clarification.schema_not_flat",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "clarification.schema_not_flat",
	"params": params,
}}

_flat(question, flat) := fixture.changed(question, "question/elicitation/flat", flat)

test_permit_flat if {
	rule.findings == set() with input as fixture.form_request
	rule.findings == set() with input as fixture.form_response
}

test_permit_url_mode_and_other_kinds if {
	rule.findings == set() with input as fixture.url_request
	rule.findings == set() with input as fixture.tool
}

test_deny_not_flat if {
	rule.findings == _found({}) with input as _flat(fixture.form_request, false)
	rule.findings == _found({}) with input as _flat(fixture.form_response, false)
}

test_deny_missing if {
	rule.findings == _found({}) with input as fixture.without(fixture.form_request, "question/elicitation/flat")
}

test_deny_malformed if {
	rule.findings == _found({}) with input as _flat(fixture.form_request, "true")
}
