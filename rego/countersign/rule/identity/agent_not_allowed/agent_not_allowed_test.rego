package countersign.rule.identity.agent_not_allowed_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.identity.agent_not_allowed as rule

_found(params) := {{
	"code": "identity.agent_not_allowed",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "identity.agent_not_allowed",
	"params": params,
}}

_client := "https://agent.dev.countersign.test/client.json"

test_permit_agent_of_server_and_group if {
	rule.findings == set() with input as fixture.tool
}

_workload(delegation) := object.union(fixture.tool, {
	"verified": {"initiator": {"kind": "workload", "client_id": "alice", "delegation": delegation}},
	"registry": {"agent": null},
})

test_permit_workload_alone if {
	rule.findings == set() with input as _workload([])
}

test_permit_unproven_is_another_finding if {
	unproven := fixture.changed(fixture.tool, "verified/initiator/grade", "none")
	rule.findings == set() with input as fixture.changed(unproven, "registry/agent", null)
}

test_deny_unregistered if {
	rule.findings == _found({"client_id": _client, "reason": "unregistered"})
		with input as fixture.changed(fixture.tool, "registry/agent", null)
}

test_deny_client_of_another_issuer if {
	expected := _found({"client_id": _client, "reason": "unregistered"})
	every issuer in ["https://idp.other.test", null] {
		rule.findings == expected with input as fixture.changed(fixture.tool, "registry/agent/iss", issuer)
	}
	rule.findings == expected with input as fixture.without(fixture.tool, "registry/agent/iss")
}

test_deny_another_server if {
	rule.findings == _found({"client_id": _client, "reason": "server"})
		with input as fixture.changed(fixture.tool, "registry/agent/servers", ["everything"])
}

test_deny_initiator_in_no_group if {
	expected := _found({"client_id": _client, "reason": "initiator"})
	rule.findings == expected with input as fixture.changed(fixture.tool, "registry/agent/groups", ["finance"])
	rule.findings == expected with input as fixture.changed(fixture.tool, "registry/agent/groups", [])
}

test_deny_workload_that_was_delegated_to if {
	expected := _found({"client_id": "alice", "reason": "unregistered"})
	rule.findings == expected with input as _workload([{"iss": null, "sub": "agent"}])
	rule.findings == expected with input as _workload(null)
}

test_deny_missing if {
	rule.findings == _found({"client_id": null, "reason": "unregistered"}) with input as object.union(
		fixture.tool,
		{"verified": {"initiator": {"client_id": null}}, "registry": {"agent": null}},
	)
}

test_deny_malformed if {
	rule.findings == _found({"client_id": null, "reason": "initiator"})
		with input as fixture.changed(fixture.tool, "verified/initiator/client_id", null)
	rule.findings == _found({"client_id": _client, "reason": "server"})
		with input as fixture.changed(fixture.tool, "registry/agent/servers", {"x": "ops"})
}
