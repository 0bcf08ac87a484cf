package countersign.rule.purpose.unknown_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.purpose.unknown as rule

_found(params) := {{
	"code": "purpose.unknown",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "purpose.unknown",
	"params": params,
}}

test_permit_known if {
	rule.findings == set() with input as fixture.tool
}

test_permit_unissued_is_another_finding if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "attested/purpose", null)
}

test_deny_unknown if {
	rule.findings == _found({"code": "incident.restore"})
		with input as fixture.changed(fixture.tool, "registry/purpose", null)
}

test_deny_missing if {
	rule.findings == _found({"code": "incident.restore"}) with input as fixture.without(fixture.tool, "registry/purpose")
}

test_deny_malformed if {
	rule.findings == _found({"code": "incident.restore"})
		with input as fixture.changed(fixture.tool, "registry/purpose", [])
}
