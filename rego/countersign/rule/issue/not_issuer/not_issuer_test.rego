package countersign.rule.issue.not_issuer_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.issue.not_issuer as rule

_found(params) := {{
	"code": "issue.not_issuer",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"observable": false,
	"rule": "issue.not_issuer",
	"params": params,
}}

_rules(rules) := fixture.changed(fixture.grant_request, "registry/issuing", rules)

_rule := fixture.grant_request.registry.issuing[0]

_params := {"purpose": "incident.restore"}

test_permit_named if {
	rule.findings == set() with input as fixture.grant_request
	rule.findings == set() with input as _rules([_rule, object.union(_rule, {"groups": ["x"]})])
}

test_permit_group_of_the_registry if {
	rule.findings == set() with input as fixture.without(fixture.grant_request, "verified/initiator/groups")
}

test_permit_gateway if {
	gateway := [object.union(_rule, {"groups": [], "names_gateway": true})]
	rule.findings == set() with input as fixture.changed(_rules(gateway), "verified/initiator/grade", "none")
}

test_permit_oneself if {
	own := _rules([object.union(_rule, {"initiators": "oneself"})])
	rule.findings == set()
		with input as fixture.changed(own, "question/arguments/initiator/sub", own.verified.initiator.sub)
}

test_deny_other_than_oneself if {
	own := _rules([object.union(_rule, {"initiators": "oneself"})])
	same := fixture.changed(own, "question/arguments/initiator/sub", own.verified.initiator.sub)
	every path, value in {
		"question/arguments/initiator/sub": "bob",
		"question/arguments/initiator/iss": "https://idp.other.test",
	} {
		rule.findings == _found(_params) with input as fixture.changed(same, path, value)
	}
	rule.findings == _found(_params) with input as fixture.without(own, "question/arguments")
}

test_deny_unproven_workload_and_chain if {
	every path, value in {
		"verified/initiator/grade": "none",
		"verified/initiator/kind": "workload",
		"verified/initiator/delegation": [{"iss": null, "sub": "planner"}],
	} {
		rule.findings == _found(_params) with input as fixture.changed(fixture.grant_request, path, value)
	}
}

test_deny_missing_and_malformed if {
	every rules in [null, [], {}, "x", [null], [{}], {"x": _rule}] {
		rule.findings == _found(_params) with input as _rules(rules)
	}
	every change in [
		{"groups": null}, {"groups": "sre"}, {"initiators": "all"}, {"initiators": null},
		{"review_by": null}, {"review_by": 1700000000},
	] {
		rule.findings == _found(_params) with input as _rules([object.union(_rule, change)])
	}
	every value in ["true", 1, null] {
		rule.findings == _found(_params)
			with input as _rules([object.union(_rule, {"groups": [], "names_gateway": value})])
	}
	rule.findings == _found({"purpose": null}) with input as {}
}
