package countersign.rule.workflow.purpose_drift_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.workflow.purpose_drift as rule

_found(params) := {{
	"code": "workflow.purpose_drift",
	"effect": "deny",
	"severity": "medium",
	"waivable": true,
	"hold": null,
	"rule": "workflow.purpose_drift",
	"params": params,
}}

_first(purpose) := fixture.changed(fixture.tool, "verified/workflow/first_purpose", purpose)

test_permit_first_or_same if {
	rule.findings == set() with input as fixture.tool
	rule.findings == set() with input as _first({"code": "incident.restore"})
}

test_deny_another if {
	rule.findings == _found({"first": "report.read"}) with input as _first({"code": "report.read"})
}

test_deny_missing if {
	rule.findings == _found({"first": null}) with input as fixture.without(fixture.tool, "verified/workflow")
	none := fixture.changed(_first({"code": "incident.restore"}), "attested/purpose", null)
	rule.findings == _found({"first": "incident.restore"}) with input as none
}

test_deny_malformed if {
	every purpose in [true, "incident.restore", {}, ["incident.restore"]] {
		rule.findings == _found({"first": null}) with input as _first(purpose)
	}
}
