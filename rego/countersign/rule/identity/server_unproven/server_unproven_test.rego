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

_digest := "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

_launched(effects) := fixture.changed(
	fixture.changed(
		fixture.changed(fixture.tool, "registry/server/launch", [_digest]),
		"verified/server/grade", "forwarded",
	),
	"registry/capability/effects", effects,
)

test_permit_forwarded_where_nothing_is_at_stake if {
	rule.findings == set() with input as _launched([])
}

test_deny_forwarded_for_what_matters if {
	unsaid := fixture.without(_launched(["irreversible"]), "registry/parameters/pop_facets")
	rule.findings == _found({"grade": "forwarded", "facets": ["irreversible"]}) with input as unsaid
	rule.findings == _found({"grade": "forwarded", "facets": []})
		with input as fixture.changed(unsaid, "registry/capability", null)
}

test_deny_forwarded_of_a_server_that_proves_itself if {
	rule.findings == _found({"grade": "forwarded", "facets": []})
		with input as fixture.changed(_launched([]), "registry/server/launch", null)
}

_reached(effects) := fixture.changed(
	fixture.changed(_launched(effects), "registry/server/launch", null),
	"registry/server/tls", {"name": "mcp.saas.example", "keys": [_digest]},
)

test_permit_tls_where_nothing_is_at_stake if {
	rule.findings == set() with input as _reached([])
}

test_deny_tls_for_what_matters if {
	every facet in ["reads_secrets", "calls_external", "modifies_downstream", "irreversible", "executes_code"] {
		rule.findings == _found({"grade": "forwarded", "facets": [facet]})
			with input as fixture.without(_reached([facet]), "registry/parameters/pop_facets")
	}
}

test_deny_malformed_tls if {
	every pin in [null, "mcp.saas.example", {"name": "mcp.saas.example", "keys": null}] {
		rule.findings == _found({"grade": "forwarded", "facets": []})
			with input as fixture.changed(_reached([]), "registry/server/tls", pin)
	}
}

test_deny_weak_grades if {
	every grade in ["none", "asserted"] {
		rule.findings == _found({"grade": grade, "facets": []})
			with input as fixture.changed(fixture.tool, "verified/server/grade", grade)
	}
}

test_deny_missing if {
	rule.findings == _found({"grade": null, "facets": []})
		with input as fixture.without(fixture.tool, "verified/server")
}

test_deny_malformed if {
	rule.findings == _found({"grade": true, "facets": []})
		with input as fixture.changed(fixture.tool, "verified/server/grade", true)
}
