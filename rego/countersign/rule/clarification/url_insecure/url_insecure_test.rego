package countersign.rule.clarification.url_insecure_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.clarification.url_insecure as rule

_found(params) := {{
	"code": "clarification.url_insecure",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "clarification.url_insecure",
	"params": params,
}}

_url(member, value) := fixture.changed(
	fixture.url_request,
	sprintf("question/elicitation/url/%s", [member]),
	value,
)

test_permit_secure if {
	rule.findings == set() with input as fixture.url_request
}

test_permit_form_and_other_kinds if {
	rule.findings == set() with input as fixture.form_request
	rule.findings == set() with input as fixture.tool
}

test_deny_scheme if {
	every scheme in ["http", "javascript", "HTTPS", ""] {
		rule.findings == _found({"reason": "scheme"}) with input as _url("scheme", scheme)
	}
}

test_deny_userinfo if {
	rule.findings == _found({"reason": "userinfo"}) with input as _url("userinfo", true)
}

test_deny_invalid if {
	rule.findings == _found({"reason": "invalid"}) with input as _url("valid", false)
}

test_deny_missing if {
	rule.findings == _found({"reason": "invalid"})
		with input as fixture.changed(fixture.url_request, "question/elicitation/url", null)
	rule.findings == _found({"reason": "userinfo"})
		with input as fixture.without(fixture.url_request, "question/elicitation/url/userinfo")
	rule.findings == _found({"reason": "invalid"})
		with input as fixture.without(fixture.url_request, "question/elicitation/url/scheme")
}

test_deny_malformed if {
	rule.findings == _found({"reason": "invalid"}) with input as _url("valid", "true")
	rule.findings == _found({"reason": "scheme"}) with input as _url("scheme", 5)
	rule.findings == _found({"reason": "userinfo"}) with input as _url("userinfo", "false")
}
