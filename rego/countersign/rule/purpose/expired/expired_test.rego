package countersign.rule.purpose.expired_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.purpose.expired as rule

_found(params) := {{
	"code": "purpose.expired",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "purpose.expired",
	"params": params,
}}

_now := fixture.tool.now

test_permit_valid if {
	rule.findings == set() with input as fixture.tool
	rule.findings == set() with input as fixture.changed(fixture.tool, "attested/purpose/expires_at", _now + 1)
}

test_permit_unissued_is_another_finding if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "attested/purpose", null)
}

test_deny_expired if {
	rule.findings == _found({"expires_at": _now, "now": _now})
		with input as fixture.changed(fixture.tool, "attested/purpose/expires_at", _now)
}

test_deny_missing if {
	rule.findings == _found({"expires_at": null, "now": _now})
		with input as fixture.without(fixture.tool, "attested/purpose/expires_at")
	rule.findings == _found({"expires_at": 1795003600, "now": null}) with input as fixture.without(fixture.tool, "now")
}

test_deny_malformed if {
	rule.findings == _found({"expires_at": "1795003600", "now": _now})
		with input as fixture.changed(fixture.tool, "attested/purpose/expires_at", "1795003600")
	rule.findings == _found({"expires_at": 1795003600, "now": false})
		with input as fixture.changed(fixture.tool, "now", false)
}
