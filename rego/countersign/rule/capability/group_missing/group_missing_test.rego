package countersign.rule.capability.group_missing_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.capability.group_missing as rule

_found(params) := {{
	"code": "capability.group_missing",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "capability.group_missing",
	"params": params,
}}

_groups(own, ofregistry, needed) := object.union(fixture.tool, {
	"verified": {"initiator": {"groups": own}},
	"registry": {"initiator_groups": ofregistry, "capability": {"groups": needed}},
})

test_permit_by_token_or_by_registry if {
	rule.findings == set() with input as _groups(["staff"], [], ["sre", "staff"])
	rule.findings == set() with input as _groups([], ["sre"], ["sre", "staff"])
}

test_permit_everybody if {
	rule.findings == set() with input as _groups([], [], [])
}

test_permit_unknown_is_another_finding if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "registry/capability", null)
}

test_deny_in_none if {
	rule.findings == _found({"groups": ["finance"]}) with input as _groups(["staff"], ["sre"], ["finance"])
	rule.findings == _found({"groups": ["finance"]}) with input as _groups([], [], ["finance"])
}

test_deny_missing if {
	rule.findings == _found({"groups": null}) with input as fixture.without(fixture.tool, "registry/capability/groups")
	rule.findings == _found({"groups": ["staff"]}) with input as fixture.without(
		fixture.without(fixture.tool, "registry/initiator_groups"),
		"verified/initiator/groups",
	)
}

test_deny_malformed if {
	every groups in [null, "staff", {"x": "staff"}] {
		rule.findings == _found({"groups": groups}) with input as _groups(["staff"], ["staff"], groups)
		rule.findings == _found({"groups": ["staff"]}) with input as _groups(groups, groups, ["staff"])
	}
}
