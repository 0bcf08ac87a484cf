package countersign.rule.purpose.unissued_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.purpose.unissued as rule

_found(params) := {{
	"code": "purpose.unissued",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "purpose.unissued",
	"params": params,
}}

_no_grant(code) := object.union(fixture.tool, {"attested": {"purpose": null}, "asserted": {"purpose_code": code}})

test_permit_issued if {
	rule.findings == set() with input as fixture.tool
}

test_deny_asserted if {
	rule.findings == _found({"code": "incident.restore"}) with input as _no_grant("incident.restore")
}

test_permit_missing_is_another_finding if {
	rule.findings == set() with input as _no_grant(null)
	rule.findings == set() with input as {}
}

test_deny_malformed_grant if {
	every path in ["attested/purpose/grant_id", "attested/purpose/code", "attested/purpose/bounds"] {
		rule.findings == _found({"code": "incident.restore"}) with input as fixture.changed(fixture.tool, path, null)
		rule.findings == _found({"code": "incident.restore"}) with input as fixture.without(fixture.tool, path)
	}
}
