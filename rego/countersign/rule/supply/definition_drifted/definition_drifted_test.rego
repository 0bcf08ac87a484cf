package countersign.rule.supply.definition_drifted_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.supply.definition_drifted as rule

_found(params) := {{
	"code": "supply.definition_drifted",
	"effect": "hold",
	"severity": "high",
	"waivable": true,
	"hold": "review",
	"rule": "supply.definition_drifted",
	"params": params,
}}

_pin := fixture.tool.registry.capability.definition_digest

test_permit_same if {
	every question in [fixture.tool, fixture.prompt, fixture.tool_result] {
		rule.findings == set() with input as question
	}
}

test_permit_never_pinned_is_another_finding if {
	rule.findings == set() with input as fixture.without(fixture.tool, "registry/capability/definition_digest")
}

test_permit_kinds_without_definition if {
	rule.findings == set() with input as fixture.sampling_request
}

test_hold_drifted if {
	expected := _found({"definition_digest": "sha256:0", "pinned_digest": _pin})
	every question in [fixture.tool, fixture.prompt, fixture.tool_result, fixture.resource] {
		rule.findings == expected with input as fixture.changed(question, "question/definition_digest", "sha256:0")
	}
}

test_permit_missing_is_another_finding if {
	rule.findings == set() with input as fixture.without(fixture.tool, "question/definition_digest")
}

test_hold_malformed if {
	rule.findings == _found({"definition_digest": [], "pinned_digest": _pin})
		with input as fixture.changed(fixture.tool, "question/definition_digest", [])
	rule.findings == _found({"definition_digest": _pin, "pinned_digest": null})
		with input as fixture.changed(fixture.tool, "registry/capability/definition_digest", null)
}
