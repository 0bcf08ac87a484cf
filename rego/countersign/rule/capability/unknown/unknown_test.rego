package countersign.rule.capability.unknown_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.capability.unknown as rule

_found(params) := {{
	"code": "capability.unknown",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "capability.unknown",
	"params": params,
}}

_params := {"server": "ops", "capability": "tool:status"}

test_permit_known if {
	every question in [fixture.tool, fixture.prompt, fixture.resource, fixture.listing, fixture.form_request] {
		rule.findings == set() with input as question
	}
}

test_deny_unknown if {
	rule.findings == _found(_params) with input as fixture.changed(fixture.tool, "registry/capability", null)
}

test_deny_known_as_another_kind if {
	rule.findings == _found(_params) with input as fixture.changed(fixture.tool, "registry/capability/kind", "prompt")
}

test_deny_missing if {
	rule.findings == _found(_params) with input as fixture.without(fixture.tool, "registry/capability")
	rule.findings == _found({"server": "ops", "capability": null})
		with input as fixture.without(fixture.tool, "question/key")
	rule.findings == _found(_params) with input as fixture.without(fixture.tool, "question/kind")
}

test_deny_malformed if {
	rule.findings == _found(_params) with input as fixture.changed(fixture.tool, "registry/capability", "tool")
	rule.findings == _found({"server": "ops", "capability": ""})
		with input as fixture.changed(fixture.tool, "question/key", "")
}
