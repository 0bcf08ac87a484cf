package countersign.rule.clarification.url_look_alike_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.clarification.url_look_alike as rule

_found(params) := {{
	"code": "clarification.url_look_alike",
	"effect": "deny",
	"severity": "high",
	"waivable": true,
	"hold": null,
	"rule": "clarification.url_look_alike",
	"params": params,
}}

_params := {"host": "approvals.dev.countersign.test"}

_look_alike(value) := fixture.changed(fixture.url_request, "question/elicitation/url/look_alike", value)

test_permit_plain if {
	rule.findings == set() with input as fixture.url_request
}

test_permit_form_and_other_kinds if {
	rule.findings == set() with input as fixture.form_request
	rule.findings == set() with input as fixture.tool
}

test_deny_look_alike if {
	rule.findings == _found(_params) with input as _look_alike(true)
}

test_deny_missing if {
	rule.findings == _found(_params)
		with input as fixture.without(fixture.url_request, "question/elicitation/url/look_alike")
	rule.findings == _found({"host": null})
		with input as fixture.changed(fixture.url_request, "question/elicitation/url", null)
}

test_deny_malformed if {
	rule.findings == _found(_params) with input as _look_alike("false")
}
