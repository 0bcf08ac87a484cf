package countersign.rule.workflow.order_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.workflow.order as rule

_found(params) := {{
	"code": "workflow.order",
	"effect": "deny",
	"severity": "high",
	"waivable": true,
	"hold": null,
	"rule": "workflow.order",
	"params": params,
}}

_rules(question, rules) := fixture.changed(question, "registry/capability/after", rules)

_tested(at) := fixture.changed(fixture.tool, "verified/workflow/done", [{
	"server": "ops",
	"key": "tool:test",
	"decision_id": "dec_1",
	"at": at,
}])

_test_first := [{"capability": "tool:test"}]

test_permit_no_order if {
	rule.findings == set() with input as fixture.tool
	rule.findings == set() with input as _rules(fixture.tool, [])
}

test_permit_done if {
	rule.findings == set() with input as _rules(_tested(1), _test_first)
	rule.findings == set() with input as _rules(_tested(1), [{"capability": "tool:test", "server": "ops"}])
	recent := _rules(_tested(fixture.tool.now - 60), [{"capability": "tool:test", "within_seconds": 60}])
	rule.findings == set() with input as recent
}

test_permit_results if {
	rule.findings == set() with input as _rules(fixture.tool_result, _test_first)
}

test_deny_not_done if {
	rule.findings == _found({"after": ["ops/tool:test"]}) with input as _rules(fixture.tool, _test_first)
	elsewhere := [{"capability": "tool:test", "server": "ci"}]
	rule.findings == _found({"after": ["ci/tool:test"]}) with input as _rules(_tested(1), elsewhere)
}

test_deny_too_long_ago if {
	old := _rules(_tested(fixture.tool.now - 61), [{"capability": "tool:test", "within_seconds": 60}])
	rule.findings == _found({"after": ["ops/tool:test"]}) with input as old
}

test_deny_missing if {
	rule.findings == _found({"after": ["ops/tool:test"]})
		with input as fixture.without(_rules(_tested(1), _test_first), "verified/workflow/done")
}

test_deny_malformed if {
	every after in [null, "tool:test", 7, [{"server": "ops"}], ["tool:test"]] {
		rule.findings == _found({"after": ["malformed"]}) with input as _rules(fixture.tool, after)
	}
	odd := _rules(_tested(1), [{"capability": "tool:test", "within_seconds": "60"}])
	rule.findings == _found({"after": ["ops/tool:test"]}) with input as odd
}
