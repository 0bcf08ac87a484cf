package countersign.rule.purpose.direction_outside_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.purpose.direction_outside as rule

_found(params) := {{
	"code": "purpose.direction_outside",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "purpose.direction_outside",
	"params": params,
}}

_scope(values) := fixture.changed(fixture.tool, "question/data_scope/directions", values)

test_permit_inside_both if {
	rule.findings == set() with input as fixture.tool
	rule.findings == set() with input as _scope(["egress", "internal"])
}

test_permit_nothing_touched if {
	rule.findings == set() with input as _scope([])
}

test_permit_unknown_purpose_is_another_finding if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "registry/purpose", null)
}

test_deny_outside_both if {
	rule.findings == _found({"directions": ["sideways"]}) with input as _scope(["sideways"])
}

test_deny_names_only_what_is_outside if {
	rule.findings == _found({"directions": ["sideways"]}) with input as _scope(["egress", "sideways"])
}

test_deny_outside_grant if {
	narrowed := fixture.changed(fixture.tool, "attested/purpose/bounds/directions", ["other"])
	rule.findings == _found({"directions": fixture.tool.question.data_scope.directions}) with input as narrowed
}

test_deny_outside_registry if {
	narrowed := fixture.changed(fixture.tool, "registry/purpose/directions", ["other"])
	rule.findings == _found({"directions": fixture.tool.question.data_scope.directions}) with input as narrowed
}

test_deny_missing if {
	every path in [
		"question/data_scope/directions",
		"attested/purpose/bounds/directions",
		"registry/purpose/directions",
	] {
		count(rule.findings) == 1 with input as fixture.without(fixture.tool, path)
	}
}

test_deny_malformed if {
	every path in [
		"question/data_scope/directions",
		"attested/purpose/bounds/directions",
		"registry/purpose/directions",
	] {
		every value in [null, "x", {}] {
			count(rule.findings) == 1 with input as fixture.changed(fixture.tool, path, value)
		}
	}
	rule.findings == _found({"directions": []}) with input as _scope([5])
}
