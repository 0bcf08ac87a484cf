package countersign.rule.clarification.widens_scope_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.clarification.widens_scope as rule

_found(params) := {{
	"code": "clarification.widens_scope",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "clarification.widens_scope",
	"params": params,
}}

_fields(question, names) := fixture.changed(
	question,
	"question/elicitation/fields",
	[{"name": name, "type": "string", "format": null} | some name in names],
)

_answered(names) := fixture.changed(fixture.form_response, "question/elicitation/answered", names)

test_permit_other_fields if {
	rule.findings == set() with input as fixture.form_request
	rule.findings == set() with input as fixture.form_response
	rule.findings == set() with input as fixture.url_request
	rule.findings == set() with input as _answered(null)
}

test_permit_nothing_is_scope_bearing if {
	every question in [_fields(fixture.form_request, ["env"]), _answered(["env"])] {
		rule.findings == set() with input as fixture.without(question, "registry/capability/scope_bearing")
		rule.findings == set() with input as fixture.changed(question, "registry/capability/scope_bearing", [])
	}
}

test_permit_other_kinds if {
	rule.findings == set() with input as fixture.sampling_request
}

test_deny_asked if {
	rule.findings == _found({"fields": ["env"]}) with input as _fields(fixture.form_request, ["reason", "env"])
}

test_deny_answered if {
	rule.findings == _found({"fields": ["Env"]}) with input as _answered(["reason", "Env"])
	rule.findings == _found({"fields": ["env", "replicas"]}) with input as _answered(["env", "replicas"])
}

test_deny_missing if {
	every member in ["fields", "answered"] {
		rule.findings == _found({"fields": []})
			with input as fixture.without(fixture.form_response, sprintf("question/elicitation/%s", [member]))
	}
}

test_deny_malformed if {
	every value in ["env", 5, {"x": "env"}] {
		count(rule.findings) == 1 with input as _answered(value)
		count(rule.findings) == 1 with input as fixture.changed(fixture.form_request, "question/elicitation/fields", value)
		count(rule.findings) == 1
			with input as fixture.changed(fixture.form_request, "registry/capability/scope_bearing", value)
	}
	count(rule.findings) == 1
		with input as fixture.changed(fixture.form_request, "registry/capability/scope_bearing", null)
	count(rule.findings) == 1
		with input as fixture.changed(fixture.form_request, "registry/capability/scope_bearing", [5])
	count(rule.findings) == 1 with input as _answered([5])
	count(rule.findings) == 1 with input as fixture.changed(fixture.form_request, "question/elicitation/fields", ["env"])
}
