package countersign.rule.purpose.agent_mismatch_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.purpose.agent_mismatch as rule

_found(params) := {{
	"code": "purpose.agent_mismatch",
	"effect": "deny",
	"severity": "critical",
	"waivable": false,
	"hold": null,
	"rule": "purpose.agent_mismatch",
	"params": params,
}}

_of(agent) := fixture.changed(fixture.tool, "attested/purpose/agent", agent)

test_permit_bound_and_free if {
	rule.findings == set() with input as fixture.tool
	rule.findings == set() with input as _of(fixture.tool.verified.initiator.client_id)
}

test_permit_unissued_is_another_finding if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "attested/purpose", null)
}

test_deny_another if {
	every agent in ["x", "", 5, {}, true] {
		rule.findings == _found({"grant_id": "pg_1"}) with input as _of(agent)
	}
}

test_deny_missing if {
	rule.findings == _found({"grant_id": "pg_1"}) with input as fixture.without(fixture.tool, "attested/purpose/agent")
	rule.findings == _found({"grant_id": "pg_1"})
		with input as fixture.without(_of("x"), "verified/initiator/client_id")
	rule.findings == _found({"grant_id": "pg_1"})
		with input as fixture.changed(_of("x"), "verified/initiator/client_id", null)
}
