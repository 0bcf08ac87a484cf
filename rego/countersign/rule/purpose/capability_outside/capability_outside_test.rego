package countersign.rule.purpose.capability_outside_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.purpose.capability_outside as rule

_found(params) := {{
	"code": "purpose.capability_outside",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "purpose.capability_outside",
	"params": params,
}}

_params := {"server": "ops", "capability": "tool:status"}

_granting(question, patterns) := fixture.changed(question, "attested/purpose/bounds/capabilities", patterns)

test_permit_patterns if {
	every pattern in ["ops/*", "ops/tool:*", "ops/tool:status"] {
		rule.findings == set() with input as _granting(fixture.tool, ["legacy/*", pattern])
	}
	rule.findings == set() with input as _granting(fixture.sampling_request, ["ops/sampling"])
}

test_permit_resource_prefix if {
	every pattern in ["ops/resource:*", "ops/resource:file:///reports/*", "ops/resource:file:///reports/2026/47.md"] {
		rule.findings == set() with input as _granting(fixture.resource, [pattern])
	}
}

test_permit_unissued_is_another_finding if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "attested/purpose", null)
}

test_deny_outside if {
	every pattern in [
		"*", "ops", "ops/", "*/tool:status", "ops/tool:stat*", "ops/tool", "legacy/*", "ops/prompt:*",
		"ops/tool:Status", "op*",
	] {
		rule.findings == _found(_params) with input as _granting(fixture.tool, [pattern])
	}
	rule.findings == _found(_params) with input as _granting(fixture.tool, [])
}

test_deny_resource_outside_prefix if {
	params := {"server": "ops", "capability": "resource:file:///reports/2026/47.md"}
	every pattern in ["ops/resource:file:///hr/*", "legacy/resource:*", "ops/tool:*", "ops/re*"] {
		rule.findings == _found(params) with input as _granting(fixture.resource, [pattern])
	}
}

test_deny_resource_that_climbs if {
	key := "resource:file:///reports/../hr/pay.md"
	rule.findings == _found({"server": "ops", "capability": key}) with input as _granting(
		fixture.changed(fixture.resource, "question/key", key),
		["ops/resource:file:///reports/*"],
	)
}

test_deny_missing if {
	rule.findings == _found(_params) with input as fixture.without(fixture.tool, "attested/purpose/bounds/capabilities")
	rule.findings == _found({"server": "ops", "capability": null})
		with input as _granting(fixture.without(fixture.tool, "question/key"), ["ops/tool:status"])
	rule.findings == _found({"server": null, "capability": "tool:status"})
		with input as fixture.without(fixture.tool, "question/server_id")
}

test_deny_malformed if {
	every patterns in [null, "ops/*", {"x": "ops/*"}, [["ops/*"]], [5]] {
		rule.findings == _found(_params) with input as _granting(fixture.tool, patterns)
	}
}
