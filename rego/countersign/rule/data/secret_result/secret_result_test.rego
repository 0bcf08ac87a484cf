package countersign.rule.data.secret_result_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.data.secret_result as rule

_found(params) := {{
	"code": "data.secret_result",
	"effect": "hold",
	"severity": "high",
	"waivable": true,
	"hold": "approval",
	"rule": "data.secret_result",
	"params": params,
}}

_effects(effects) := fixture.changed(fixture.tool_result, "registry/capability/effects", effects)

_default := {"group": "release-managers", "quorum": 1}

test_permit_harmless if {
	rule.findings == set() with input as fixture.tool_result
	rule.findings == set() with input as _effects([])
}

test_permit_other_phases if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "registry/capability/effects", ["reads_secrets"])
}

test_permit_unknown_is_another_finding if {
	rule.findings == set() with input as fixture.changed(fixture.tool_result, "registry/capability", null)
}

test_hold_reads_secrets if {
	rule.findings == _found(_default) with input as _effects(["reads_private", "reads_secrets"])
}

test_hold_missing if {
	rule.findings == _found(_default) with input as fixture.without(fixture.tool_result, "registry/capability/effects")
}

test_hold_malformed if {
	every effects in [null, "reads_secrets", {"x": "reads_private"}] {
		rule.findings == _found(_default) with input as _effects(effects)
	}
}

_approved := {
	"id": "apr_1",
	"status": "approved",
	"group": "release-managers",
	"quorum": 1,
	"assurance": "signed_in",
	"demand": {"group": "release-managers", "quorum": 1},
	"workloads": [],
	"votes": ["vot_1"],
	"expires_at": fixture.tool_result.now + 60,
	"taint": [],
}

test_permit_release_approved if {
	rule.findings == set() with input as fixture.changed(_effects(["reads_secrets"]), "attested/approval", _approved)
}

test_hold_release_approved_by_others_or_not_yet if {
	every change in [{"group": "staff"}, {"status": "pending"}, {
		"workloads": [],
		"votes": [],
	}] {
		other := object.union(_approved, change)
		rule.findings == _found(_default)
			with input as fixture.changed(_effects(["reads_secrets"]), "attested/approval", other)
	}
}
