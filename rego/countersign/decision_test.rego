package countersign_test

import data.countersign.lib.fixture_test as fixture

_ground := {"code": "capability.granted", "rule": "capability.granted"}

_exception := {
	"id": "exc-1",
	"code": "capability.argument_unlisted",
	"server": "ops",
	"capability": "tool:status",
	"owner": "platform-team",
	"reason": "The server is being upgraded.",
	"not_before": 1794990000,
	"expires_at": 1795090000,
	"review_by": 1795090000,
}

_with_exceptions(question, exceptions) := fixture.changed(question, "registry/exceptions", exceptions)

_unlisted := fixture.changed(fixture.tool, "question/arguments", {"force": true})

_irreversible := fixture.changed(fixture.tool, "registry/capability/effects", ["irreversible"])

_codes(decision) := {finding.code | some finding in decision.findings}

test_permit_states_its_ground if {
	data.countersign.decision == {
		"effect": "permit",
		"findings": [],
		"grounds": [_ground],
		"obligations": [],
		"valid_seconds": 60,
	} with input as fixture.tool
}

test_permit_every_question_of_the_base if {
	every question in [
		fixture.tool, fixture.tool_result, fixture.prompt, fixture.resource, fixture.listing, fixture.sampling_request,
		fixture.sampling_response, fixture.form_request, fixture.form_response, fixture.url_request,
	] {
		data.countersign.decision.effect == "permit" with input as question
	}
}

test_permit_plain_calls_of_every_kind if {
	every method, kind in {
		"tasks/get": "task",
		"ping": "stream",
		"server/discover": "discover",
		"completion/complete": "completion",
	} {
		data.countersign.decision.effect == "permit" with input as object.union(fixture.tool, {
			"question": {"method": method, "kind": kind, "key": kind},
			"registry": {"capability": {"kind": kind}},
		})
	}
}

test_permit_with_an_obligation if {
	decision := data.countersign.decision with input as fixture.changed(
		fixture.sampling_request,
		"question/sampling/max_tokens",
		5000,
	)
	decision.effect == "permit"
	{obligation.id | some obligation in decision.obligations} == {"sampling.cut"}
}

test_deny_states_what_would_have_to_be_done if {
	asked := fixture.changed(fixture.sampling_request, "question/sampling/max_tokens", 5000)
	wider := fixture.changed(asked, "question/sampling/include_context", "allServers")
	decision := data.countersign.decision with input as wider
	decision.effect == "deny"
	{obligation.id | some obligation in decision.obligations} == {"sampling.cut"}
}

test_deny_states_findings_without_what_is_internal if {
	decision := data.countersign.decision with input as _unlisted
	decision.effect == "deny"
	decision.findings == [
		{
			"code": "capability.argument_outside",
			"effect": "deny",
			"severity": "high",
			"rule": "capability.argument_outside",
			"params": {"arguments": [{"path": ["service"], "bounds": ["required"]}]},
		},
		{
			"code": "capability.argument_unlisted",
			"effect": "deny",
			"severity": "medium",
			"rule": "capability.argument_unlisted",
			"params": {"arguments": ["force"]},
		},
	]
}

test_deny_beats_hold if {
	decision := data.countersign.decision with input as fixture.changed(_irreversible, "registry/shadows", ["legacy"])
	decision.effect == "deny"
	_codes(decision) == {"capability.approval_required", "supply.shadowing"}
	not "hold" in object.keys(decision)
}

test_hold_for_approval if {
	decision := data.countersign.decision with input as _irreversible
	decision.effect == "hold"
	decision.hold == {"kind": "approval", "group": "release-managers", "quorum": 1}
	decision.grounds == [_ground]
}

test_hold_for_review_first if {
	unpinned := fixture.without(_irreversible, "registry/capability/definition_digest")
	decision := data.countersign.decision with input as unpinned
	decision.effect == "hold"
	decision.hold == {"kind": "review"}
	_codes(decision) == {"capability.approval_required", "supply.definition_unreviewed"}
}

test_deny_hold_without_a_ground if {
	decision := data.countersign.decision with input as _irreversible with data.countersign.ground as {}
	decision.effect == "deny"
}

test_deny_hold_for_nobodys_approval if {
	decision := data.countersign.decision with input as fixture.changed(
		_irreversible,
		"registry/parameters/default_approval",
		{},
	)
	decision.effect == "deny"
	_codes(decision) == {"capability.approval_required"}
}

test_deny_hold_of_two_groups if {
	second := {
		"code": "x",
		"rule": "data.x",
		"effect": "hold",
		"severity": "low",
		"waivable": false,
		"hold": "approval",
		"params": {"group": "others", "quorum": 1},
	}
	decision := data.countersign.decision with input as _irreversible
		with data.countersign.rule.supply as {"x": {"findings": {second}}}
	decision.effect == "deny"
}

test_deny_hold_for_what_is_not_known if {
	decision := data.countersign.decision with input as fixture.tool
		with data.countersign.rule.supply as {"x": {"findings": {{
			"code": "x",
			"rule": "data.x",
			"effect": "hold",
			"severity": "low",
			"waivable": false,
			"hold": "sleep",
			"params": {},
		}}}}
	decision.effect == "deny"
}

test_deny_findings_that_are_not_well_formed if {
	every finding in ["x", {}, {"effect": "permit"}, {"effect": "HOLD", "hold": "review"}, null] {
		decision := data.countersign.decision with input as fixture.tool
			with data.countersign.rule.supply as {"x": {"findings": {finding}}}
		decision.effect == "deny"
	}
}

test_deny_without_a_ground_says_so if {
	decision := data.countersign.decision with input as fixture.tool with data.countersign.ground as {}
	decision.effect == "deny"
	_codes(decision) == {"decision.no_ground"}
}

test_deny_any_input_that_is_no_question if {
	every question in [{}, {"question": {}}, "x", 5, [], null, false] {
		data.countersign.decision.effect == "deny" with input as question
	}
}

test_permit_waived_finding_stays_in_sight if {
	decision := data.countersign.decision with input as _with_exceptions(
		fixture.changed(fixture.tool, "question/arguments", {"service": "api", "force": true}),
		[_exception],
	)
	decision.effect == "permit"
	decision.findings == [{
		"code": "capability.argument_unlisted",
		"effect": "deny",
		"severity": "medium",
		"rule": "capability.argument_unlisted",
		"params": {"arguments": ["force"]},
		"waived_by": "exc-1",
	}]
}

test_permit_waived_hold if {
	waived := object.union(_exception, {"code": "capability.approval_required", "id": "break-glass"})
	decision := data.countersign.decision with input as _with_exceptions(_irreversible, [waived])
	decision.effect == "permit"
	[finding.waived_by | some finding in decision.findings] == ["break-glass"]
}

test_deny_what_stands_beside_a_waived_finding if {
	decision := data.countersign.decision with input as _with_exceptions(_unlisted, [_exception])
	decision.effect == "deny"
	[finding.waived_by | some finding in decision.findings] == ["exc-1"]
}

test_valid_seconds_are_never_more_than_they_may_be if {
	every seconds in [0, -1, 3601, 1.5, "60", null] {
		decision := data.countersign.decision with input as fixture.changed(
			fixture.tool,
			"registry/parameters/valid_seconds",
			seconds,
		)
		decision.valid_seconds == 1
	}
	every seconds in [1, 3600] {
		decision := data.countersign.decision with input as fixture.changed(
			fixture.tool,
			"registry/parameters/valid_seconds",
			seconds,
		)
		decision.valid_seconds == seconds
	}
}

# Whoever adds an area must have it asked.
test_every_area_is_asked if {
	areas := object.keys(data.countersign.rule) with input as {}
	areas == {"identity", "supply", "purpose", "capability", "workflow", "sampling", "clarification", "data", "issue"}
	every area in (areas | {"team"}) - {"issue"} {
		decision := data.countersign.decision with input as fixture.form_request
			with data.countersign.rule as {area: {"x": {"findings": {{"code": "x"}}}}}
		decision.effect == "deny"
	}
	every area in {"issue", "team"} {
		decision := data.countersign.decision with input as fixture.grant_request
			with data.countersign.rule as {area: {"x": {"findings": {{"code": "x"}}}}}
		decision.effect == "deny"
	}
}

# A grant is asked of the tenant itself: what is said of calls is not said of it.
test_a_grant_is_no_call if {
	every area in ["identity", "supply", "purpose", "capability", "workflow"] {
		decision := data.countersign.decision with input as fixture.grant_request
			with data.countersign.rule as {area: {"x": {"findings": {{"code": "x"}}}}}
		decision.effect == "permit"
	}
}
