package countersign.rule.clarification.too_often_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.clarification.too_often as rule

_found(params) := {{
	"code": "clarification.too_often",
	"effect": "deny",
	"severity": "medium",
	"waivable": false,
	"hold": null,
	"rule": "clarification.too_often",
	"params": params,
}}

_lately(times) := fixture.changed(fixture.form_request, "verified/inputs/lately", times)

_most(value, times) := fixture.changed(
	_lately(times),
	"registry/parameters/clarification",
	{"max_per_hour": value},
)

test_permit_within if {
	rule.findings == set() with input as _lately(29)
	rule.findings == set() with input as _most(2, 1)
}

test_permit_answers_and_other_kinds if {
	rule.findings == set() with input as fixture.changed(fixture.form_response, "verified/inputs/lately", 99)
	rule.findings == set() with input as fixture.changed(fixture.sampling_request, "verified/inputs/lately", 99)
}

test_deny_too_often if {
	rule.findings == _found({"lately": 30, "most": 30}) with input as _lately(30)
	rule.findings == _found({"lately": 2, "most": 2}) with input as _most(2, 2)
}

test_deny_none_allowed if {
	rule.findings == _found({"lately": 0, "most": 0}) with input as _most(0, 0)
}

test_deny_missing if {
	rule.findings == _found({"lately": null, "most": 30})
		with input as fixture.without(fixture.form_request, "verified/inputs/lately")
}

test_deny_malformed if {
	every times in [null, "1", [1]] {
		count(rule.findings) == 1 with input as _lately(times)
	}
	count(rule.findings) == 1 with input as _most("9", 1)
}
