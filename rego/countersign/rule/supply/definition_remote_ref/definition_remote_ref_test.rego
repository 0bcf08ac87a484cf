package countersign.rule.supply.definition_remote_ref_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.supply.definition_remote_ref as rule

_found(params) := {{
	"code": "supply.definition_remote_ref",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "supply.definition_remote_ref",
	"params": params,
}}

_params := {"capability": "tool:status"}

test_permit_closed if {
	rule.findings == set() with input as fixture.tool
}

test_deny_refers_elsewhere if {
	rule.findings == _found(_params) with input as fixture.changed(fixture.tool, "question/definition_remote_ref", true)
}

test_deny_missing if {
	rule.findings == _found(_params) with input as fixture.without(fixture.tool, "question/definition_remote_ref")
}

test_deny_malformed if {
	rule.findings == _found(_params) with input as fixture.changed(fixture.tool, "question/definition_remote_ref", null)
}
