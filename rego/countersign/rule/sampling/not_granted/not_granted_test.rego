package countersign.rule.sampling.not_granted_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.sampling.not_granted as rule

_found(params) := {{
	"code": "sampling.not_granted",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "sampling.not_granted",
	"params": params,
}}

test_permit_granted if {
	rule.findings == set() with input as fixture.sampling_request
	rule.findings == set() with input as fixture.sampling_response
}

test_permit_other_kinds if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "attested/purpose/bounds/sampling", null)
}

test_permit_unissued_is_another_finding if {
	rule.findings == set() with input as fixture.changed(fixture.sampling_request, "attested/purpose", null)
}

test_deny_not_in_grant_or_not_in_registry if {
	every path in ["attested/purpose/bounds/sampling", "registry/purpose/sampling"] {
		every question in [fixture.sampling_request, fixture.sampling_response] {
			rule.findings == _found({"server": "ops"}) with input as fixture.changed(question, path, null)
		}
	}
}

test_deny_missing if {
	rule.findings == _found({"server": "ops"})
		with input as fixture.without(fixture.sampling_request, "registry/purpose/sampling")
}

test_deny_malformed if {
	rule.findings == _found({"server": "ops"})
		with input as fixture.changed(fixture.sampling_request, "attested/purpose/bounds/sampling", true)
}
