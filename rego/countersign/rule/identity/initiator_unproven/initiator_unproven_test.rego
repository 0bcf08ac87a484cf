package countersign.rule.identity.initiator_unproven_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.identity.initiator_unproven as rule

_found(params) := {{
	"code": "identity.initiator_unproven",
	"effect": "deny",
	"severity": "critical",
	"waivable": false,
	"hold": null,
	"rule": "identity.initiator_unproven",
	"params": params,
}}

test_permit_bearer if {
	rule.findings == set() with input as fixture.tool
}

test_permit_pop_and_forwarded if {
	every grade in ["pop", "forwarded"] {
		rule.findings == set() with input as fixture.changed(fixture.tool, "verified/initiator/grade", grade)
	}
}

test_deny_no_evidence if {
	rule.findings == _found({"grade": "none"})
		with input as fixture.changed(fixture.tool, "verified/initiator/grade", "none")
}

test_deny_asserted if {
	rule.findings == _found({"grade": "asserted"})
		with input as fixture.changed(fixture.tool, "verified/initiator/grade", "asserted")
}

test_deny_nameless if {
	every name in [null, "", 5] {
		rule.findings == _found({"grade": "bearer"})
			with input as fixture.changed(fixture.tool, "verified/initiator/sub", name)
		rule.findings == _found({"grade": "bearer"})
			with input as fixture.changed(fixture.tool, "verified/initiator/iss", name)
	}
}

test_deny_missing if {
	rule.findings == _found({"grade": null}) with input as fixture.without(fixture.tool, "verified/initiator")
	rule.findings == _found({"grade": null}) with input as {}
}

test_deny_malformed if {
	rule.findings == _found({"grade": ["bearer"]})
		with input as fixture.changed(fixture.tool, "verified/initiator/grade", ["bearer"])
}
