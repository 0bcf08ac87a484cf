package countersign.rule.capability.recently_refused_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.capability.recently_refused as rule

_minutes(seconds) := fixture.changed(fixture.tool, "registry/parameters/refusal_seconds", seconds)

_refused(refusal) := fixture.changed(_minutes(600), "attested/refusal", refusal)

_refusal(ago) := {"approval_id": "apr_0", "at": fixture.tool.now - ago}

_found(id, until) := {{
	"code": "capability.recently_refused",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"observable": false,
	"hold": null,
	"rule": "capability.recently_refused",
	"params": {"approval": id, "stands_until": until},
}}

test_permit_nobody_refused if {
	rule.findings == set() with input as fixture.tool
	rule.findings == set() with input as _minutes(600)
}

test_permit_a_refusal_that_has_run_out if {
	rule.findings == set() with input as _refused(_refusal(600))
}

test_permit_where_a_refusal_is_of_the_very_action_alone if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "attested/refusal", _refusal(1))
}

test_deny_refused if {
	rule.findings == _found("apr_0", fixture.tool.now + 599) with input as _refused(_refusal(1))
}

test_permit_what_people_have_approved_since if {
	approved := {
		"id": "apr_1",
		"status": "approved",
		"group": "release-managers",
		"quorum": 1,
		"demand": {"group": "release-managers", "quorum": 1},
		"assurance": "signed_in",
		"taint": [],
		"workloads": [],
		"votes": ["vot_1"],
		"expires_at": fixture.tool.now + 60,
	}
	rule.findings == set() with input as fixture.changed(_refused(_refusal(1)), "attested/approval", approved)
	pending := object.union(approved, {"status": "pending"})
	rule.findings == _found("apr_0", fixture.tool.now + 599)
		with input as fixture.changed(_refused(_refusal(1)), "attested/approval", pending)
}

test_deny_malformed if {
	every value in ["no", 7, {}, {"at": "then"}, [], true] {
		rule.findings == _found(null, null) with input as _refused(value)
	}
	rule.findings == _found("apr_0", null) with input as _refused({"approval_id": "apr_0"})
	rule.findings == _found(null, null) with input as fixture.without(_minutes(600), "attested/refusal")
	rule.findings == _found("apr_0", null)
		with input as fixture.changed(_refused(_refusal(1)), "registry/parameters/refusal_seconds", "long")
}
