package countersign.rule.sampling.not_asked_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.sampling.not_asked as rule

_found(params) := {{
	"code": "sampling.not_asked",
	"effect": "deny",
	"severity": "critical",
	"waivable": false,
	"hold": null,
	"rule": "sampling.not_asked",
	"params": params,
}}

_answered(value) := fixture.changed(fixture.sampling_response, "verified/inputs/asked/answered", value)

test_permit_first_answer_and_retry if {
	every answered in ["no", "same"] {
		rule.findings == set() with input as _answered(answered)
	}
}

test_permit_questions_and_other_kinds if {
	rule.findings == set() with input as fixture.sampling_request
	rule.findings == set() with input as fixture.changed(fixture.form_response, "verified/inputs/asked", null)
}

test_deny_not_asked if {
	rule.findings == _found({"answered": null})
		with input as fixture.changed(fixture.sampling_response, "verified/inputs/asked", null)
}

test_deny_other_answer if {
	rule.findings == _found({"answered": "other"}) with input as _answered("other")
}

test_deny_missing if {
	every member in ["verified", "verified/inputs", "verified/inputs/asked"] {
		count(rule.findings) == 1 with input as fixture.without(fixture.sampling_response, member)
	}
}

test_deny_malformed if {
	every answered in [null, true, ["no"], "NO"] {
		count(rule.findings) == 1 with input as _answered(answered)
	}
}
