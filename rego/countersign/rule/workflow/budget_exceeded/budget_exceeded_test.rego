package countersign.rule.workflow.budget_exceeded_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.workflow.budget_exceeded as rule

_found(params) := {{
	"code": "workflow.budget_exceeded",
	"effect": "deny",
	"severity": "high",
	"waivable": true,
	"hold": null,
	"rule": "workflow.budget_exceeded",
	"params": params,
}}

_spent(spent, reaches) := json.patch(fixture.tool, [
	{"op": "add", "path": "verified/workflow/spent", "value": object.union(_nothing, spent)},
	{"op": "add", "path": "verified/workflow/reaches", "value": object.union(_nothing, reaches)},
])

_nothing := fixture.tool.verified.workflow.spent

_tenant(question, budgets) := fixture.changed(question, "registry/parameters/workflow", {"budgets": budgets})

_purpose(question, budgets) := fixture.changed(question, "registry/purpose/budgets", budgets)

_tenth := _spent({"calls": 9}, {"calls": 10})

test_permit_unbounded if {
	rule.findings == set() with input as _tenth
	rule.findings == set() with input as _tenant(_tenth, {})
	rule.findings == set() with input as _purpose(_tenth, {"tokens": 0})
}

test_permit_inside if {
	rule.findings == set() with input as _tenant(_tenth, {"calls": 10, "depth": 0, "servers": 1})
	rule.findings == set() with input as _purpose(_tenth, {"calls": 10})
}

test_permit_what_costs_nothing if {
	rule.findings == set() with input as _tenant(_spent({"calls": 11}, {"calls": 11}), {"calls": 10})
}

test_deny_exceeded if {
	rule.findings == _found({"budgets": ["calls"]}) with input as _tenant(_tenth, {"calls": 9})
	rule.findings == _found({"budgets": ["calls"]}) with input as _purpose(_tenant(_tenth, {"calls": 10}), {"calls": 9})
	every name in ["tokens", "rounds", "units"] {
		rule.findings == _found({"budgets": [name]}) with input as _tenant(_spent({name: 5}, {name: 6}), {name: 5})
	}
}

test_deny_too_deep_and_too_many_servers if {
	deep := fixture.changed(fixture.tool, "verified/workflow/depth", 2)
	rule.findings == _found({"budgets": ["depth"]}) with input as _tenant(deep, {"depth": 1})
	many := fixture.changed(fixture.tool, "verified/workflow/servers", ["a", "b"])
	rule.findings == _found({"budgets": ["servers"]}) with input as _tenant(many, {"servers": 2})
	again := fixture.changed(fixture.tool, "verified/workflow/servers", ["a", "ops"])
	rule.findings == set() with input as _tenant(again, {"servers": 2})
}

test_deny_missing if {
	every name in ["calls", "depth", "servers"] {
		rule.findings == _found({"budgets": [name]})
			with input as _tenant(fixture.without(fixture.tool, "verified/workflow"), {name: 5})
	}
}

test_deny_malformed if {
	every budgets in [null, 7, "x"] {
		rule.findings == _found({"budgets": ["malformed"]}) with input as _tenant(_tenth, budgets)
	}
	rule.findings == _found({"budgets": [0, "malformed"]}) with input as _purpose(_tenth, ["calls"])
	every most in ["10", null, true] {
		rule.findings == _found({"budgets": ["calls"]}) with input as _tenant(_tenth, {"calls": most})
	}
	rule.findings == _found({"budgets": ["money"]}) with input as _tenant(_tenth, {"money": 5})
	rule.findings == _found({"budgets": ["calls"]})
		with input as _tenant(fixture.changed(_tenth, "verified/workflow/reaches/calls", "1"), {"calls": 20})
}
