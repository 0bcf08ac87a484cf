package countersign.rule.purpose.initiator_mismatch_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.purpose.initiator_mismatch as rule

_found(params) := {{
	"code": "purpose.initiator_mismatch",
	"effect": "deny",
	"severity": "critical",
	"waivable": false,
	"hold": null,
	"rule": "purpose.initiator_mismatch",
	"params": params,
}}

test_permit_own if {
	rule.findings == set() with input as fixture.tool
}

test_permit_unissued_is_another_finding if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "attested/purpose", null)
}

test_deny_another_subject_or_issuer if {
	every path in ["attested/purpose/initiator/sub", "attested/purpose/initiator/iss"] {
		rule.findings == _found({"grant_id": "pg_1"}) with input as fixture.changed(fixture.tool, path, "mallory")
	}
}

test_deny_missing if {
	every path in ["attested/purpose/initiator", "verified/initiator/sub", "verified/initiator/iss"] {
		rule.findings == _found({"grant_id": "pg_1"}) with input as fixture.without(fixture.tool, path)
	}
}

test_deny_malformed if {
	nobody := object.union(fixture.tool, {
		"verified": {"initiator": {"iss": null, "sub": null}},
		"attested": {"purpose": {"initiator": {"iss": null, "sub": null}}},
	})
	rule.findings == _found({"grant_id": "pg_1"}) with input as nobody
}
