package countersign.rule.clarification.url_unlisted_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.clarification.url_unlisted as rule

_found(params) := {{
	"code": "clarification.url_unlisted",
	"effect": "deny",
	"severity": "high",
	"waivable": true,
	"hold": null,
	"rule": "clarification.url_unlisted",
	"params": params,
}}

_at(host, port) := fixture.changed(
	fixture.changed(fixture.url_request, "question/elicitation/url/host", host),
	"question/elicitation/url/port",
	port,
)

test_permit_listed if {
	rule.findings == set() with input as fixture.url_request
	rule.findings == set() with input as _at("approvals.dev.countersign.test", "443")
	rule.findings == set() with input as _at("sso.dev.countersign.test", "8443")
}

test_permit_form_and_other_kinds if {
	rule.findings == set() with input as fixture.form_request
	rule.findings == set() with input as fixture.tool
}

test_deny_unlisted if {
	every host in [
		"evil.test",
		"dev.countersign.test",
		"x.approvals.dev.countersign.test",
		"APPROVALS.dev.countersign.test",
		"",
	] {
		rule.findings == _found({"host": host, "port": ""}) with input as _at(host, "")
	}
}

test_deny_another_port if {
	rule.findings == _found({"host": "approvals.dev.countersign.test", "port": "8443"})
		with input as _at("approvals.dev.countersign.test", "8443")
	rule.findings == _found({"host": "sso.dev.countersign.test", "port": ""})
		with input as _at("sso.dev.countersign.test", "")
}

test_deny_missing if {
	rule.findings == _found({"host": null, "port": null})
		with input as fixture.changed(fixture.url_request, "question/elicitation/url", null)
	rule.findings == _found({"host": "approvals.dev.countersign.test", "port": ""})
		with input as fixture.changed(fixture.url_request, "registry/server", null)
}

test_deny_malformed if {
	every hosts in [null, "approvals.dev.countersign.test", {"x": "approvals.dev.countersign.test"}] {
		count(rule.findings) == 1
			with input as fixture.changed(fixture.url_request, "registry/server/elicitation_hosts", hosts)
	}
	rule.findings == _found({"host": 5, "port": 5}) with input as _at(5, 5)
}
