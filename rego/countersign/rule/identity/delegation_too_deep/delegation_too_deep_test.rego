package countersign.rule.identity.delegation_too_deep_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.identity.delegation_too_deep as rule

_found(params) := {{
	"code": "identity.delegation_too_deep",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "identity.delegation_too_deep",
	"params": params,
}}

_hops(n) := [{"iss": null, "sub": "agent"} | some _ in numbers.range(1, n)]

test_permit_none_and_few if {
	rule.findings == set() with input as fixture.tool
	rule.findings == set() with input as fixture.changed(fixture.tool, "verified/initiator/delegation", _hops(2))
}

test_deny_too_deep if {
	rule.findings == _found({"depth": 3, "maximum": 2})
		with input as fixture.changed(fixture.tool, "verified/initiator/delegation", _hops(3))
}

test_deny_missing if {
	rule.findings == _found({"depth": 0, "maximum": null}) with input as fixture.without(
		fixture.tool,
		"registry/parameters/max_delegation_depth",
	)
	rule.findings == _found({"depth": 0, "maximum": null})
		with input as fixture.changed(fixture.tool, "registry/parameters", null)
}

test_deny_malformed if {
	every delegation in [null, "x", {}] {
		rule.findings == _found({"depth": null, "maximum": 2})
			with input as fixture.changed(fixture.tool, "verified/initiator/delegation", delegation)
	}
	rule.findings == _found({"depth": 0, "maximum": "2"})
		with input as fixture.changed(fixture.tool, "registry/parameters/max_delegation_depth", "2")
}
