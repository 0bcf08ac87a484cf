package countersign.rule.workflow.grant_wider_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.workflow.grant_wider as rule

_found(params) := {{
	"code": "workflow.grant_wider",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "workflow.grant_wider",
	"params": params,
}}

_bounds := fixture.tool.attested.purpose.bounds

_from(question, bounds) := fixture.changed(question, "verified/workflow/inherited", [{
	"decision_id": "dec_1",
	"bounds": bounds,
}])

_without(change) := _from(fixture.tool, object.union(_bounds, change))

test_permit_from_nothing if {
	rule.findings == set() with input as fixture.tool
}

test_permit_inside if {
	rule.findings == set() with input as _without({})
	every capability in ["ops/*", "ops/tool:status", "ops/tool:*"] {
		rule.findings == set() with input as _without({"capabilities": [capability]})
	}
	rule.findings == set() with input as _without({"resources": []})
}

test_deny_wider if {
	every change in [
		{"capabilities": ["web/*", "ops/tool:restart"]},
		{"classifications": ["public"]},
		{"directions": ["internal"]},
		{"residency": ["US"]},
		{"resources": ["k8s:staging/"]},
	] {
		rule.findings == _found({"from": ["dec_1"]}) with input as _without(change)
	}
}

test_deny_wider_than_any if {
	calls := [{"decision_id": "dec_2", "bounds": _bounds}, {"decision_id": "dec_1", "bounds": null}]
	rule.findings == _found({"from": ["dec_1"]})
		with input as fixture.changed(fixture.tool, "verified/workflow/inherited", calls)
}

test_deny_missing if {
	rule.findings == _found({"from": []}) with input as fixture.without(fixture.tool, "verified/workflow")
	rule.findings == _found({"from": ["dec_1"]})
		with input as fixture.without(_without({}), "question/data_scope/resources")
}

test_deny_malformed if {
	every calls in [null, "x", {"x": "x"}] {
		rule.findings == _found({"from": []})
			with input as fixture.changed(fixture.tool, "verified/workflow/inherited", calls)
	}
	every change in [{"capabilities": "ops/*"}, {"resources": "k8s:prod/"}, {"directions": null}] {
		rule.findings == _found({"from": ["dec_1"]}) with input as _without(change)
	}
}
