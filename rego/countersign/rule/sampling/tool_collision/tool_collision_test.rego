package countersign.rule.sampling.tool_collision_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.sampling.tool_collision as rule

_found(params) := {{
	"code": "sampling.tool_collision",
	"effect": "deny",
	"severity": "critical",
	"waivable": false,
	"hold": null,
	"rule": "sampling.tool_collision",
	"params": params,
}}

test_permit_distinct if {
	rule.findings == set() with input as fixture.sampling_request
	rule.findings == set() with input as fixture.changed(
		fixture.sampling_request,
		"question/sampling/tools",
		[{"name": "lookup", "definition_digest": "sha256:0"}],
	)
}

test_permit_other_kinds if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "registry/governed_tool_names", ["deploy"])
}

test_deny_collision if {
	every question in [fixture.sampling_request, fixture.sampling_response] {
		rule.findings == _found({"tools": ["deploy"]})
			with input as fixture.changed(question, "registry/governed_tool_names", ["deploy"])
	}
}

test_deny_missing if {
	rule.findings == _found({"tools": []})
		with input as fixture.without(fixture.sampling_request, "registry/governed_tool_names")
	rule.findings == _found({"tools": []})
		with input as fixture.without(fixture.sampling_request, "question/sampling/tools")
}

test_deny_malformed if {
	every names in [null, "deploy", {"x": "deploy"}] {
		count(rule.findings) == 1
			with input as fixture.changed(fixture.sampling_request, "registry/governed_tool_names", names)
	}
}
