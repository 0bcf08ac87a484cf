package countersign.rule.clarification.hidden_text_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.clarification.hidden_text as rule

_found(params) := {{
	"code": "clarification.hidden_text",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "clarification.hidden_text",
	"params": params,
}}

_texts(hidden) := [{"where": "/message", "length": 5, "hidden": hidden, "folded": "hello"}]

_saying(question, texts) := fixture.changed(question, "question/elicitation/texts", texts)

test_permit_clean if {
	rule.findings == set() with input as fixture.form_request
	rule.findings == set() with input as fixture.url_request
	rule.findings == set() with input as _saying(fixture.form_request, [])
}

test_permit_other_kinds if {
	rule.findings == set() with input as fixture.sampling_request
}

test_deny_hidden if {
	every question in [fixture.form_request, fixture.form_response, fixture.url_request] {
		rule.findings == _found({"where": ["/message"]}) with input as _saying(question, _texts(true))
	}
}

test_deny_missing if {
	rule.findings == _found({"where": []})
		with input as fixture.without(fixture.form_request, "question/elicitation/texts")
	rule.findings == _found({"where": []})
		with input as fixture.changed(fixture.form_request, "question/elicitation", null)
}

test_deny_malformed if {
	rule.findings == _found({"where": ["/message"]}) with input as _saying(fixture.form_request, _texts("false"))
	rule.findings == _found({"where": []}) with input as _saying(fixture.form_request, "hello")
}
