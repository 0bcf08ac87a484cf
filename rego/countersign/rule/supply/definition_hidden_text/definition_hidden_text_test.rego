package countersign.rule.supply.definition_hidden_text_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.supply.definition_hidden_text as rule

_found(params) := {{
	"code": "supply.definition_hidden_text",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "supply.definition_hidden_text",
	"params": params,
}}

_params := {"capability": "tool:status"}

test_permit_clean if {
	rule.findings == set() with input as fixture.tool
}

test_permit_inputs_have_rules_of_their_own if {
	rule.findings == set()
		with input as fixture.changed(fixture.sampling_response, "question/definition_hidden_text", true)
}

test_deny_hidden if {
	rule.findings == _found(_params) with input as fixture.changed(fixture.tool, "question/definition_hidden_text", true)
	rule.findings == _found(_params)
		with input as fixture.changed(fixture.tool_result, "question/definition_hidden_text", true)
}

test_deny_missing if {
	rule.findings == _found(_params) with input as fixture.without(fixture.tool, "question/definition_hidden_text")
}

test_deny_malformed if {
	rule.findings == _found(_params)
		with input as fixture.changed(fixture.tool, "question/definition_hidden_text", "false")
}
