package countersign.rule.clarification.text_unbounded_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.clarification.text_unbounded as rule

_found(params) := {{
	"code": "clarification.text_unbounded",
	"effect": "deny",
	"severity": "medium",
	"waivable": true,
	"hold": null,
	"rule": "clarification.text_unbounded",
	"params": params,
}}

_maximum := "registry/parameters/max_elicitation_text"

test_permit_inside if {
	rule.findings == set() with input as fixture.form_request
	rule.findings == set() with input as fixture.changed(fixture.form_request, _maximum, 40)
	rule.findings == set() with input as fixture.changed(fixture.form_request, "question/elicitation/texts", [])
}

test_permit_answers_and_other_kinds if {
	rule.findings == set() with input as fixture.changed(fixture.form_response, _maximum, 1)
	rule.findings == set() with input as fixture.changed(fixture.tool, _maximum, null)
}

test_deny_too_long_in_all if {
	rule.findings == _found({"length": 40, "maximum": 39})
		with input as fixture.changed(fixture.form_request, _maximum, 39)
	rule.findings == _found({"length": 20, "maximum": 19}) with input as fixture.changed(fixture.url_request, _maximum, 19)
}

test_deny_missing if {
	rule.findings == _found({"length": null, "maximum": 400})
		with input as fixture.without(fixture.form_request, "question/elicitation/texts")
	rule.findings == _found({"length": 40, "maximum": null})
		with input as fixture.changed(fixture.form_request, "registry/parameters", null)
}

test_deny_malformed if {
	rule.findings == _found({"length": 40, "maximum": "400"})
		with input as fixture.changed(fixture.form_request, _maximum, "400")
	every texts in [null, "x", {}, [{"length": "1"}], [{}]] {
		rule.findings == _found({"length": null, "maximum": 400})
			with input as fixture.changed(fixture.form_request, "question/elicitation/texts", texts)
	}
}
