package countersign.rule.supply.shadowing_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.supply.shadowing as rule

_found(params) := {{
	"code": "supply.shadowing",
	"effect": "deny",
	"severity": "high",
	"waivable": true,
	"hold": null,
	"rule": "supply.shadowing",
	"params": params,
}}

test_permit_alone if {
	rule.findings == set() with input as fixture.tool
}

test_deny_shadowing if {
	rule.findings == _found({"capability": "tool:status", "servers": ["legacy"]})
		with input as fixture.changed(fixture.tool, "registry/shadows", ["legacy"])
}

test_deny_missing if {
	rule.findings == _found({"capability": "tool:status", "servers": []}) with input as fixture.without(
		fixture.tool,
		"registry/shadows",
	)
}

test_deny_malformed if {
	every shadows in [null, 5, {}] {
		rule.findings == _found({"capability": "tool:status", "servers": []})
			with input as fixture.changed(fixture.tool, "registry/shadows", shadows)
	}
}
