package countersign.rule.supply.definition_unreviewed_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.supply.definition_unreviewed as rule

_found(params) := {{
	"code": "supply.definition_unreviewed",
	"effect": "hold",
	"severity": "high",
	"waivable": true,
	"hold": "review",
	"rule": "supply.definition_unreviewed",
	"params": params,
}}

_served := fixture.tool.question.definition_digest

test_permit_pinned if {
	every question in [fixture.tool, fixture.prompt, fixture.tool_result] {
		rule.findings == set() with input as question
	}
}

test_permit_kinds_without_definition if {
	every question in [fixture.resource, fixture.listing, fixture.sampling_request, fixture.form_request] {
		rule.findings == set() with input as fixture.without(question, "registry/capability/definition_digest")
	}
}

test_permit_unknown_capability_is_another_finding if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "registry/capability", null)
}

test_hold_never_pinned if {
	every question in [fixture.tool, fixture.prompt] {
		rule.findings == _found({"definition_digest": _served, "pinned": false}) with input as fixture.without(
			question,
			"registry/capability/definition_digest",
		)
	}
}

test_hold_result_of_what_was_never_pinned if {
	rule.findings == _found({"definition_digest": null, "pinned": false}) with input as fixture.without(
		fixture.tool_result,
		"registry/capability/definition_digest",
	)
}

test_hold_missing if {
	expected := _found({"definition_digest": null, "pinned": true})
	rule.findings == expected with input as fixture.without(fixture.tool, "question/definition_digest")
	rule.findings == expected with input as fixture.changed(fixture.tool, "question/definition_digest", null)
	rule.findings == expected with input as fixture.without(fixture.tool_result, "question/definition_digest")
}

test_hold_malformed if {
	rule.findings == _found({"definition_digest": 5, "pinned": true})
		with input as fixture.changed(fixture.tool, "question/definition_digest", 5)
	rule.findings == _found({"definition_digest": _served, "pinned": false})
		with input as fixture.changed(fixture.tool, "registry/capability/definition_digest", 5)
}
