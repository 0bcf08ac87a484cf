package countersign.rule.identity.pep_outside_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.identity.pep_outside as rule

_found(params) := {{
	"code": "identity.pep_outside",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "identity.pep_outside",
	"params": params,
}}

_params := {"pep": "dev-gateway", "server": "ops"}

test_permit_all_servers if {
	rule.findings == set() with input as fixture.tool
}

test_permit_listed if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "verified/pep/servers", ["legacy", "ops"])
}

test_deny_not_listed if {
	rule.findings == _found(_params) with input as fixture.changed(fixture.tool, "verified/pep/servers", ["legacy"])
}

test_deny_missing if {
	rule.findings == _found(_params) with input as fixture.without(fixture.tool, "verified/pep/servers")
}

test_deny_malformed if {
	every servers in [null, "ops", {"x": "ops"}] {
		rule.findings == _found(_params) with input as fixture.changed(fixture.tool, "verified/pep/servers", servers)
	}
}
