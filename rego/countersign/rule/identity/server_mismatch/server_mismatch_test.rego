package countersign.rule.identity.server_mismatch_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.identity.server_mismatch as rule

_found(params) := {{
	"code": "identity.server_mismatch",
	"effect": "deny",
	"severity": "critical",
	"waivable": false,
	"hold": null,
	"rule": "identity.server_mismatch",
	"params": params,
}}

_ops := "spiffe://dev.countersign.test/mcp/ops"

test_permit_same if {
	rule.findings == set() with input as fixture.tool
}

test_permit_other_findings_speak if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "registry/server", null)
	rule.findings == set() with input as fixture.changed(fixture.tool, "verified/server/grade", "none")
}

test_deny_another_workload if {
	other := "spiffe://dev.countersign.test/mcp/ops2"
	rule.findings == _found({"proven": other, "registered": _ops})
		with input as fixture.changed(fixture.tool, "verified/server/spiffe_id", other)
}

test_deny_missing if {
	rule.findings == _found({"proven": null, "registered": _ops}) with input as fixture.without(
		fixture.tool,
		"verified/server/spiffe_id",
	)
	rule.findings == _found({"proven": _ops, "registered": null}) with input as fixture.without(
		fixture.tool,
		"registry/server/spiffe_id",
	)
}

test_deny_malformed if {
	nameless := fixture.changed(fixture.tool, "verified/server/spiffe_id", "")
	rule.findings == _found({"proven": "", "registered": ""})
		with input as fixture.changed(nameless, "registry/server/spiffe_id", "")
}

_by(registered, proven) := object.union(fixture.tool, {
	"registry": {"server": object.union({"spiffe_id": null, "platform": null, "launch": null, "tls": null}, registered)},
	"verified": {"server": object.union({"spiffe_id": null, "platform": null, "launch": null, "tls": null}, proven)},
})

_digest := "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

_platform(claims) := {"issuer": "https://ci.example", "claims": claims}

test_deny_another_platform if {
	rule.findings == _found({"proven": _platform({"project": "8"}), "registered": _platform({"project": "7"})})
		with input as _by(
			{"platform": _platform({"project": "7"})},
			{"platform": _platform({"project": "8", "email": "p@example.org"})},
		)
}

test_deny_another_kind if {
	rule.findings == _found({"proven": _digest, "registered": _ops})
		with input as _by({"spiffe_id": _ops}, {"launch": _digest})
	rule.findings == _found({"proven": _platform({}), "registered": _ops})
		with input as _by({"spiffe_id": _ops}, {"platform": _platform({"project": "8"})})
}

test_deny_another_path if {
	pin := {"name": "mcp.example", "keys": [_digest]}
	rule.findings == _found({"proven": _ops, "registered": pin}) with input as _by({"tls": pin}, {"spiffe_id": _ops})
	rule.findings == _found({"proven": _ops, "registered": {"digests": [_digest]}})
		with input as _by({"launch": [_digest]}, {"spiffe_id": _ops})
}
