package countersign.rule.clarification.mode_unknown_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.clarification.mode_unknown as rule

_found(params) := {{
	"code": "clarification.mode_unknown",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "clarification.mode_unknown",
	"params": params,
}}

_mode(mode) := fixture.changed(fixture.form_request, "question/elicitation/mode", mode)

test_permit_form_and_url if {
	rule.findings == set() with input as fixture.form_request
	rule.findings == set() with input as fixture.form_response
	rule.findings == set() with input as fixture.url_request
}

test_permit_other_kinds if {
	rule.findings == set() with input as fixture.sampling_request
}

test_deny_unknown if {
	rule.findings == _found({"mode": "unknown"}) with input as _mode("unknown")
	rule.findings == _found({"mode": "unknown"})
		with input as fixture.changed(fixture.form_response, "question/elicitation/mode", "unknown")
}

test_deny_missing if {
	rule.findings == _found({"mode": null})
		with input as fixture.changed(fixture.form_request, "question/elicitation", null)
	rule.findings == _found({"mode": null})
		with input as fixture.without(fixture.form_request, "question/elicitation/mode")
}

test_deny_malformed if {
	every mode in [null, "Form", ["form"]] {
		rule.findings == _found({"mode": mode}) with input as _mode(mode)
	}
}
