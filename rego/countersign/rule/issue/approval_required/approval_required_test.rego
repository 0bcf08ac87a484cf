package countersign.rule.issue.approval_required_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.issue.approval_required as rule

_found(params) := {{
	"code": "issue.approval_required",
	"effect": "hold",
	"severity": "medium",
	"waivable": false,
	"hold": "approval",
	"observable": false,
	"rule": "issue.approval_required",
	"params": params,
}}

_rules(rules) := fixture.changed(fixture.grant_request, "registry/issuing", rules)

_rule := fixture.grant_request.registry.issuing[0]

_demand := {"group": "release-managers", "quorum": 2}

_asking := object.union(_rule, {"approval": _demand})

_approved := {
	"id": "apr_1",
	"status": "approved",
	"group": "release-managers",
	"quorum": 2,
	"assurance": "signed_in",
	"demand": _demand,
	"workloads": [],
	"taint": [],
	"votes": ["vot_1", "vot_2"],
	"expires_at": fixture.tool.now + 60,
}

test_permit_free if {
	rule.findings == set() with input as fixture.grant_request
	rule.findings == set() with input as _rules([_asking, _rule])
}

test_permit_uncovered_is_another_finding if {
	rule.findings == set() with input as _rules([object.union(_asking, {"outside": ["data"]})])
}

test_permit_approved if {
	rule.findings == set() with input as fixture.changed(_rules([_asking]), "attested/approval", _approved)
}

test_hold_unapproved if {
	rule.findings == _found(_demand) with input as _rules([_asking])
	every change in [{"status": "pending"}, {"quorum": 1}, {"group": "staff"}, {"votes": ["vot_1"]}] {
		rule.findings == _found(_demand)
			with input as fixture.changed(_rules([_asking]), "attested/approval", object.union(_approved, change))
	}
}

test_hold_the_same_of_several if {
	other := object.union(_rule, {"approval": {"group": "zebra", "quorum": 1}})
	rule.findings == _found(_demand) with input as _rules([other, _asking])
	rule.findings == _found(_demand) with input as _rules([_asking, other])
}

test_hold_malformed if {
	rule.findings == _found("x") with input as _rules([object.union(_rule, {"approval": "x"})])
	rule.findings == _found({}) with input as _rules([object.remove(_rule, ["approval"])])
}
