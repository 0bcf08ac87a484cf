package countersign.rule.identity.server_unproven_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.identity.server_unproven as rule

_found(params) := {{
	"code": "identity.server_unproven",
	"effect": "deny",
	"severity": "critical",
	"waivable": false,
	"hold": null,
	"rule": "identity.server_unproven",
	"params": params,
}}

test_permit_bearer_and_pop if {
	every grade in ["bearer", "pop"] {
		rule.findings == set() with input as fixture.changed(fixture.tool, "verified/server/grade", grade)
	}
}

test_deny_weak_grades if {
	every grade in ["none", "asserted", "forwarded"] {
		rule.findings == _found({"grade": grade})
			with input as fixture.changed(fixture.tool, "verified/server/grade", grade)
	}
}

test_deny_missing if {
	rule.findings == _found({"grade": null}) with input as fixture.without(fixture.tool, "verified/server")
}

test_deny_malformed if {
	rule.findings == _found({"grade": true}) with input as fixture.changed(fixture.tool, "verified/server/grade", true)
}
