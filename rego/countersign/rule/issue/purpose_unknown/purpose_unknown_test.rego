package countersign.rule.issue.purpose_unknown_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.issue.purpose_unknown as rule

_found(params) := {{
	"code": "issue.purpose_unknown",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"observable": false,
	"rule": "issue.purpose_unknown",
	"params": params,
}}

test_permit_known if {
	rule.findings == set() with input as fixture.grant_request
}

test_deny_unknown if {
	every value in [null, "x", []] {
		rule.findings == _found({"purpose": "incident.restore"})
			with input as fixture.changed(fixture.grant_request, "registry/purpose", value)
	}
	rule.findings == _found({"purpose": "incident.restore"})
		with input as fixture.without(fixture.grant_request, "registry/purpose")
	rule.findings == _found({"purpose": null}) with input as {}
}
