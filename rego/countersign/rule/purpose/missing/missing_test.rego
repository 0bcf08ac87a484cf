package countersign.rule.purpose.missing_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.purpose.missing as rule

_found(params) := {{
	"code": "purpose.missing",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "purpose.missing",
	"params": params,
}}

_no_grant(code) := object.union(fixture.tool, {"attested": {"purpose": null}, "asserted": {"purpose_code": code}})

test_permit_issued if {
	rule.findings == set() with input as fixture.tool
}

test_permit_asserted_is_another_finding if {
	rule.findings == set() with input as _no_grant("incident.restore")
}

test_deny_missing if {
	rule.findings == _found({}) with input as _no_grant(null)
	rule.findings == _found({}) with input as {}
}

test_deny_malformed if {
	every code in ["", 5, ["incident.restore"]] {
		rule.findings == _found({}) with input as _no_grant(code)
	}
	rule.findings == _found({})
		with input as fixture.without(object.union(_no_grant(null), {"attested": {"purpose": "x"}}), "asserted")
}
