package countersign.rule.issue.outside_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.issue.outside as rule

_found(params) := {{
	"code": "issue.outside",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"observable": false,
	"rule": "issue.outside",
	"params": params,
}}

_rules(rules) := fixture.changed(fixture.grant_request, "registry/issuing", rules)

_rule := fixture.grant_request.registry.issuing[0]

_changed(change) := _rules([object.union(_rule, change)])

test_permit_inside if {
	rule.findings == set() with input as fixture.grant_request
	rule.findings == set() with input as _rules([object.union(_rule, {"outside": ["data"]}), _rule])
}

test_permit_no_rule_is_another_finding if {
	rule.findings == set() with input as _rules([])
}

test_deny_outside if {
	rule.findings == _found({"outside": ["capabilities"]}) with input as _rules([
		object.union(_rule, {"outside": ["capabilities", "residency"]}),
		object.union(_rule, {"outside": ["capabilities"]}),
	])
}

test_deny_longer if {
	rule.findings == _found({"outside": ["seconds"]}) with input as _changed({"max_seconds": 3599})
	rule.findings == set() with input as _changed({"max_seconds": 3600})
}

test_deny_missing_and_malformed if {
	every change in [{"max_seconds": null}, {"max_seconds": "x"}] {
		rule.findings == _found({"outside": ["seconds"]}) with input as _changed(change)
	}
	every value in [null, "x", {}] {
		rule.findings == _found({"outside": ["seconds"]}) with input as _changed({"outside": value})
	}
	rule.findings == _found({"outside": ["seconds"]})
		with input as fixture.without(fixture.grant_request, "question/arguments/seconds")
	rule.findings == _found({"outside": ["seconds"]})
		with input as fixture.changed(fixture.grant_request, "question/arguments/seconds", "1")
}
