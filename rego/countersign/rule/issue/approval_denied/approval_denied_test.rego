package countersign.rule.issue.approval_denied_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.issue.approval_denied as rule

_found(params) := {{
	"code": "issue.approval_denied",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"observable": false,
	"rule": "issue.approval_denied",
	"params": params,
}}

_said(status) := fixture.changed(fixture.grant_request, "attested/approval", {"id": "apr_1", "status": status})

test_permit_unrefused if {
	rule.findings == set() with input as fixture.grant_request
	rule.findings == set() with input as _said("pending")
	rule.findings == set() with input as _said("approved")
}

test_deny_refused_missing_and_malformed if {
	every status in ["denied", "", null, {}] {
		rule.findings == _found({"approval": "apr_1"}) with input as _said(status)
	}
	rule.findings == _found({"approval": null}) with input as fixture.without(fixture.grant_request, "attested/approval")
	rule.findings == _found({"approval": null}) with input as {}
}
