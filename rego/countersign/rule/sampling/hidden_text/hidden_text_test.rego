package countersign.rule.sampling.hidden_text_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.sampling.hidden_text as rule

_found(params) := {{
	"code": "sampling.hidden_text",
	"effect": "deny",
	"severity": "high",
	"waivable": true,
	"hold": null,
	"rule": "sampling.hidden_text",
	"params": params,
}}

_texts(hidden) := [
	{"where": "/systemPrompt", "length": 5, "hidden": false, "folded": "hello"},
	{"where": "/messages/0", "length": 5, "hidden": hidden, "folded": "hello"},
]

_saying(question, texts) := fixture.changed(question, "question/sampling/texts", texts)

test_permit_clean if {
	rule.findings == set() with input as fixture.sampling_request
	rule.findings == set() with input as fixture.sampling_response
	rule.findings == set() with input as _saying(fixture.sampling_request, [])
}

test_permit_other_kinds if {
	rule.findings == set() with input as fixture.form_request
}

test_deny_hidden if {
	every question in [fixture.sampling_request, fixture.sampling_response] {
		rule.findings == _found({"where": ["/messages/0"]}) with input as _saying(question, _texts(true))
	}
}

test_deny_missing if {
	rule.findings == _found({"where": []})
		with input as fixture.without(fixture.sampling_request, "question/sampling/texts")
	rule.findings == _found({"where": []})
		with input as fixture.changed(fixture.sampling_request, "question/sampling", null)
}

test_deny_malformed if {
	rule.findings == _found({"where": ["/messages/0"]}) with input as _saying(fixture.sampling_request, _texts(null))
	rule.findings == _found({"where": []}) with input as _saying(fixture.sampling_request, "hello")
}
