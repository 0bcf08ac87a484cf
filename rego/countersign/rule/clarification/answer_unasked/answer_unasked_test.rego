package countersign.rule.clarification.answer_unasked_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.clarification.answer_unasked as rule

_found(params) := {{
	"code": "clarification.answer_unasked",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "clarification.answer_unasked",
	"params": params,
}}

_unasked(members) := fixture.changed(fixture.form_response, "question/elicitation/unasked", members)

test_permit_as_asked if {
	rule.findings == set() with input as fixture.form_response
}

test_permit_questions_and_other_kinds if {
	rule.findings == set() with input as fixture.changed(fixture.form_request, "question/elicitation/unasked", ["x"])
	rule.findings == set() with input as fixture.sampling_response
}

test_deny_unasked if {
	rule.findings == _found({"members": ["env"]}) with input as _unasked(["env"])
}

test_deny_missing if {
	rule.findings == _found({"members": []})
		with input as fixture.without(fixture.form_response, "question/elicitation/unasked")
}

test_deny_malformed if {
	every members in [null, "env", {}] {
		count(rule.findings) == 1 with input as _unasked(members)
	}
}
