package countersign.rule.capability.approval_required_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.capability.approval_required as rule

_found(params) := {{
	"code": "capability.approval_required",
	"effect": "hold",
	"severity": "medium",
	"waivable": true,
	"hold": "approval",
	"rule": "capability.approval_required",
	"params": params,
}}

_effects(question, effects) := fixture.changed(question, "registry/capability/effects", effects)

_default := {"group": "release-managers", "quorum": 1, "facets": ["irreversible"]}

test_permit_free if {
	rule.findings == set() with input as fixture.tool
	rule.findings == set() with input as _effects(fixture.tool, [])
	rule.findings == set() with input as _effects(fixture.tool, ["modifies_downstream"])
}

test_permit_results_and_answers if {
	rule.findings == set() with input as _effects(fixture.tool_result, ["irreversible"])
	rule.findings == set() with input as _effects(fixture.form_response, ["irreversible"])
}

test_permit_unknown_is_another_finding if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "registry/capability", null)
}

test_hold_by_default_group if {
	rule.findings == _found(_default) with input as _effects(fixture.tool, ["reads_private", "irreversible"])
	rule.findings == _found(_default) with input as _effects(fixture.sampling_request, ["irreversible"])
}

test_hold_by_own_group if {
	own := {"group": "database-owners", "quorum": 2}
	rule.findings == _found(object.union(own, {"facets": ["irreversible"]}))
		with input as _effects(fixture.changed(fixture.tool, "registry/capability/approval", own), ["irreversible"])
}

_with_levels(question, levels) := fixture.changed(question, "registry/parameters/approval_assurance", levels)

_levels := [
	{"facet": "irreversible", "assurance": "key_bound"},
	{"facet": "executes_code", "assurance": "passkey"},
]

test_hold_for_consent_as_sure_as_its_effects_ask if {
	irreversible := _effects(_with_levels(fixture.tool, _levels), ["irreversible"])
	rule.findings == _found(object.union(_default, {"assurance": "key_bound"})) with input as irreversible
	both := _effects(irreversible, ["irreversible", "executes_code"])
	rule.findings == _found(object.union(_default, {"assurance": "passkey", "facets": ["irreversible", "executes_code"]}))
		with input as both
	unknown := fixture.without(irreversible, "registry/capability/effects")
	rule.findings == _found(object.union(_default, {"assurance": "passkey", "facets": []})) with input as unknown
}

test_hold_for_consent_as_sure_as_the_rule_asks if {
	own := {"group": "g", "quorum": 1, "assurance": "passkey", "workloads": ["change-system"]}
	asked := fixture.changed(_effects(_with_levels(fixture.tool, _levels), []), "registry/capability/approval", own)
	rule.findings == _found(object.union(own, {"facets": []})) with input as asked
	given := object.union(_approved, {"group": "g", "workloads": ["change-system"]})
	rule.findings == set() with input as fixture.changed(asked, "attested/approval", object.union(
		given,
		{"assurance": "passkey"},
	))
	rule.findings == _found(object.union(own, {"facets": []})) with input as fixture.changed(
		asked,
		"attested/approval",
		object.union(given, {"assurance": "key_bound"}),
	)
}

test_hold_for_no_consent_that_is_malformed if {
	odd := {"group": "g", "quorum": 1, "assurance": "client_asserted"}
	asked := fixture.changed(fixture.tool, "registry/capability/approval", odd)
	rule.findings == _found({"group": "g", "quorum": 1, "assurance": null, "facets": []}) with input as asked
	rule.findings == _found({"group": "g", "quorum": 1, "assurance": null, "facets": []})
		with input as fixture.changed(asked, "attested/approval", object.union(_approved, {"group": "g"}))
}

_open := [{"path": ["service"], "type": "string", "prefix": "a"}]

_templated := {"group": "g", "quorum": 1, "uses": 3, "template": _open}

test_hold_for_several_uses_and_open_arguments if {
	asked := fixture.changed(fixture.tool, "registry/capability/approval", _templated)
	rule.findings == _found(object.union(_templated, {"facets": []})) with input as asked
	once := {"group": "g", "quorum": 1, "facets": []}
	rule.findings == _found(once) with input as fixture.changed(asked, "question/arguments/service", "web")
	given := object.union(_approved, {"group": "g", "demand": _templated})
	rule.findings == set() with input as fixture.changed(asked, "attested/approval", given)
	rule.findings == _found(once) with input as fixture.changed(
		fixture.changed(asked, "attested/approval", given),
		"question/arguments/service",
		"web",
	)
}

test_hold_for_several_uses if {
	own := {"group": "g", "quorum": 1, "uses": 3}
	rule.findings == _found(object.union(own, {"facets": []}))
		with input as fixture.changed(fixture.tool, "registry/capability/approval", own)
}

test_permit_where_the_dial_is_at_auto if {
	question := _effects(fixture.tool, ["irreversible"])
	auto := [{"facet": "irreversible", "environment": "development", "set": "auto"}]
	rule.findings == set() with input as fixture.changed(question, "registry/parameters/dial", auto)
}

test_hold_whoever_names_approvers_wants_to_be_asked if {
	own := {"group": "database-owners", "quorum": 2}
	rule.findings == _found(object.union(own, {"facets": []}))
		with input as fixture.changed(fixture.tool, "registry/capability/approval", own)
}

test_hold_missing if {
	rule.findings == _found({"group": "release-managers", "quorum": 1, "facets": []})
		with input as fixture.without(fixture.tool, "registry/capability/effects")
	rule.findings == _found({"group": null, "quorum": null, "facets": []})
		with input as fixture.without(fixture.tool, "registry/parameters")
}

test_hold_malformed if {
	every value in [null, "x", {}] {
		rule.findings == _found({"group": "release-managers", "quorum": 1, "facets": []})
			with input as fixture.changed(fixture.tool, "registry/parameters/hold_facets", value)
		rule.findings == _found({"group": "release-managers", "quorum": 1, "facets": []})
			with input as _effects(fixture.tool, value)
	}
	every approval in [
		{},
		{"group": "", "quorum": 1},
		{"group": "g"},
		{"group": "g", "quorum": 0},
		{"group": 5, "quorum": 1},
		"g",
	] {
		rule.findings == _found({"group": null, "quorum": null, "facets": []})
			with input as fixture.changed(fixture.tool, "registry/capability/approval", approval)
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
	"expires_at": fixture.tool.now + 60,
	"taint": [],
}

_irreversible(approval) := fixture.changed(
	_effects(fixture.tool, ["irreversible"]),
	"attested/approval",
	approval,
)

test_permit_approved if {
	rule.findings == set() with input as _irreversible(_approved)
}

test_hold_approved_by_others_or_not_yet if {
	every change in [{"group": "staff"}, {"status": "pending"}, {"votes": []}] {
		rule.findings == _found(_default) with input as _irreversible(object.union(_approved, change))
	}
	two := {"group": "release-managers", "quorum": 2}
	rule.findings == _found(object.union(two, {"facets": ["irreversible"]}))
		with input as fixture.changed(_irreversible(_approved), "registry/capability/approval", two)
}
