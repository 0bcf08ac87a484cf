package countersign.rule.sampling.context_wider_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.sampling.context_wider as rule

_found(params) := {{
	"code": "sampling.context_wider",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "sampling.context_wider",
	"params": params,
}}

_asking(context) := fixture.changed(fixture.sampling_request, "question/sampling/include_context", context)

test_permit_none_is_never_too_wide if {
	rule.findings == set() with input as fixture.sampling_request
	rule.findings == set() with input as fixture.changed(
		fixture.sampling_request,
		"attested/purpose/bounds/sampling/include_context",
		[],
	)
}

test_permit_granted if {
	rule.findings == set() with input as _asking("thisServer")
}

test_permit_not_granted_is_another_finding if {
	rule.findings == set() with input as fixture.changed(_asking("allServers"), "registry/purpose/sampling", null)
}

test_permit_other_kinds if {
	rule.findings == set() with input as fixture.tool
}

test_deny_all_servers if {
	rule.findings == _found({"include_context": "allServers"}) with input as _asking("allServers")
}

test_deny_outside_grant_or_outside_registry if {
	every path in ["attested/purpose/bounds/sampling/include_context", "registry/purpose/sampling/include_context"] {
		rule.findings == _found({"include_context": "thisServer"})
			with input as fixture.changed(_asking("thisServer"), path, ["none"])
	}
}

test_deny_answer_to_an_unknown_question if {
	rule.findings == _found({"include_context": "unknown"})
		with input as fixture.changed(fixture.sampling_response, "question/sampling/include_context", "unknown")
}

test_deny_missing if {
	rule.findings == _found({"include_context": "unknown"})
		with input as fixture.changed(fixture.sampling_request, "question/sampling", null)
	rule.findings == _found({"include_context": "thisServer"})
		with input as fixture.without(_asking("thisServer"), "registry/purpose/sampling/include_context")
}

test_deny_malformed if {
	rule.findings == _found({"include_context": "unknown"}) with input as _asking(["none"])
	rule.findings == _found({"include_context": "thisServer"})
		with input as fixture.changed(_asking("thisServer"), "registry/purpose/sampling/include_context", {"x": "thisServer"})
}
