package countersign.lib.server_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.lib.server

_by(registered, proven) := object.union(fixture.tool, {
	"registry": {"server": object.union({"spiffe_id": null, "platform": null, "launch": null, "tls": null}, registered)},
	"verified": {"server": object.union({"spiffe_id": null, "platform": null, "launch": null, "tls": null}, proven)},
})

_platform(claims) := {"platform": {"issuer": "https://ci.example", "claims": claims}}

_digest := "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

test_same_spiffe_and_wimse if {
	every id in ["spiffe://t/a", "wimse://t/a"] {
		server.same_workload with input as _by({"spiffe_id": id}, {"spiffe_id": id})
	}
}

test_other_scheme_is_another if {
	not server.same_workload with input as _by({"spiffe_id": "spiffe://t/a"}, {"spiffe_id": "wimse://t/a"})
}

test_same_platform if {
	server.same_workload with input as _by(_platform({"project": "7"}), _platform({"project": "7", "ref": "main"}))
}

test_other_platform if {
	every proven in [
		_platform({"project": "8"}),
		_platform({"ref": "7"}),
		{"platform": {"issuer": "https://other.example", "claims": {"project": "7"}}},
		{"platform": null},
	] {
		not server.same_workload with input as _by(_platform({"project": "7"}), proven)
	}
}

test_no_claims_name_nobody if {
	not server.same_workload with input as _by(_platform({}), _platform({"project": "7"}))
}

test_malformed_claims_name_nobody if {
	every claims in [["7"], {"project": ["7"]}, null] {
		not server.same_workload with input as _by(_platform(claims), _platform({"project": "7"}))
	}
}

test_same_launch if {
	server.same_workload with input as _by({"launch": [_digest]}, {"launch": _digest})
}

test_other_launch if {
	every proven in ["", null, "sha256:b", {_digest: 1}] {
		not server.same_workload with input as _by({"launch": [_digest]}, {"launch": proven})
	}
}

test_unregistered_launch if {
	every registered in [[], null, _digest, {"digests": [_digest]}] {
		not server.same_workload with input as _by({"launch": registered}, {"launch": _digest})
	}
}

_pin := {"tls": {"name": "mcp.saas.example", "keys": [_digest, _next]}}

_next := "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

_seen(name, key) := {"tls": {"name": name, "key": key}}

test_same_tls_by_either_key if {
	every key in [_digest, _next] {
		server.same_workload with input as _by(_pin, _seen("mcp.saas.example", key))
	}
}

test_other_tls if {
	every proven in [
		_seen("mcp.other.example", _digest),
		_seen("MCP.saas.example", _digest),
		_seen(null, _digest),
		_seen("mcp.saas.example", "sha256:b"),
		_seen("mcp.saas.example", null),
		_seen("mcp.saas.example", ""),
		{"tls": null},
		{"tls": "mcp.saas.example"},
		{"launch": _digest},
	] {
		not server.same_workload with input as _by(_pin, proven)
	}
}

test_unregistered_tls if {
	every registered in [
		{"tls": null},
		{"tls": {"name": "mcp.saas.example", "keys": []}},
		{"tls": {"name": "mcp.saas.example", "keys": null}},
		{"tls": {"name": "mcp.saas.example", "keys": {_digest: true}}},
		{"tls": {"keys": [_digest]}},
		{"launch": [_digest]},
	] {
		not server.same_workload with input as _by(registered, _seen("mcp.saas.example", _digest))
	}
}

test_names_of_each_kind if {
	pin := {"name": "mcp.example", "key": _digest}
	server.proven_name == pin with input as _by({}, {"tls": pin})
	server.proven_name == null with input as _by({}, {})
	server.registered_name == null with input as _by({}, {})
}
