package countersign.rule.capability.approval_denied_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.capability.approval_denied as rule

_approval(status) := {
	"id": "apr_1",
	"status": status,
	"group": "release-managers",
	"quorum": 1,
	"assurance": null,
	"demand": {"group": "release-managers", "quorum": 1},
	"workloads": [],
	"votes": [],
	"expires_at": fixture.tool.now + 60,
}

_asked(status) := fixture.changed(fixture.tool, "attested/approval", _approval(status))

test_permit_nobody_refused if {
	rule.findings == set() with input as fixture.tool
	rule.findings == set() with input as _asked("pending")
	rule.findings == set() with input as _asked("approved")
}

_found(id) := {{
	"code": "capability.approval_denied",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"observable": false,
	"hold": null,
	"rule": "capability.approval_denied",
	"params": {"approval": id},
}}

test_deny_refused if {
	rule.findings == _found("apr_1") with input as _asked("denied")
	rule.findings == _found("apr_1") with input as _asked("used")
}

test_deny_missing if {
	rule.findings == _found(null) with input as fixture.without(fixture.tool, "attested/approval")
	rule.findings == _found(null) with input as fixture.without(fixture.tool, "attested")
}

test_deny_malformed if {
	every value in ["approved", 7, {}, {"status": 7}, [], true] {
		rule.findings == _found(null) with input as fixture.changed(fixture.tool, "attested/approval", value)
	}
}
