package countersign.rule.sampling.context_too_large_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.sampling.context_too_large as rule

_found(params) := {{
	"code": "sampling.context_too_large",
	"effect": "deny",
	"severity": "medium",
	"waivable": true,
	"hold": null,
	"rule": "sampling.context_too_large",
	"params": params,
}}

_grant := "attested/purpose/bounds/sampling/max_context_bytes"

_registry := "registry/purpose/sampling/max_context_bytes"

test_permit_without_bound if {
	rule.findings == set() with input as fixture.sampling_request
}

test_permit_inside if {
	rule.findings == set() with input as fixture.changed(fixture.sampling_request, _grant, 120)
}

test_permit_other_kinds_and_not_granted if {
	rule.findings == set() with input as fixture.tool
	rule.findings == set() with input as fixture.changed(fixture.sampling_request, "registry/purpose/sampling", null)
}

test_deny_too_large if {
	every path in [_grant, _registry] {
		every question in [fixture.sampling_request, fixture.sampling_response] {
			rule.findings == _found({"context_bytes": 120}) with input as fixture.changed(question, path, 119)
		}
	}
}

test_deny_missing if {
	rule.findings == _found({"context_bytes": null})
		with input as fixture.without(fixture.sampling_request, "question/sampling/context_bytes")
}

test_deny_malformed if {
	rule.findings == _found({"context_bytes": "1"})
		with input as fixture.changed(fixture.sampling_request, "question/sampling/context_bytes", "1")
	every maximum in [null, "120", []] {
		rule.findings == _found({"context_bytes": 120})
			with input as fixture.changed(fixture.sampling_request, _grant, maximum)
	}
}
