package countersign.rule.sampling.model_outside_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.sampling.model_outside as rule

_found(params) := {{
	"code": "sampling.model_outside",
	"effect": "deny",
	"severity": "medium",
	"waivable": true,
	"hold": null,
	"rule": "sampling.model_outside",
	"params": params,
}}

_hinting(models) := fixture.changed(fixture.sampling_request, "question/sampling/models", models)

_answered(model) := fixture.changed(fixture.sampling_response, "question/sampling/answered_model", model)

test_permit_listed if {
	rule.findings == set() with input as fixture.sampling_request
	rule.findings == set() with input as _hinting([])
	rule.findings == set() with input as fixture.sampling_response
}

test_permit_listed_by_name if {
	listed := fixture.changed(_hinting(["gpt-9"]), "attested/purpose/bounds/sampling/models", ["gpt-9"])
	rule.findings == set() with input as fixture.changed(listed, "registry/purpose/sampling/models", ["x", "gpt-9"])
}

test_permit_other_kinds_and_not_granted if {
	rule.findings == set() with input as fixture.tool
	rule.findings == set() with input as fixture.changed(_hinting(["gpt"]), "registry/purpose/sampling", null)
}

test_deny_hint if {
	rule.findings == _found({"models": ["gpt-9"]}) with input as _hinting(["claude-opus", "gpt-9"])
}

test_deny_answer if {
	rule.findings == _found({"models": ["gpt-9"]}) with input as _answered("gpt-9")
	rule.findings == _found({"models": [""]}) with input as _answered("")
}

test_deny_outside_grant_or_outside_registry if {
	every path in ["attested/purpose/bounds/sampling/models", "registry/purpose/sampling/models"] {
		rule.findings == _found({"models": ["claude-sonnet-5"]})
			with input as fixture.changed(fixture.sampling_request, path, ["claude-sonnet-4-5", "claude-opus*"])
	}
}

test_deny_missing if {
	rule.findings == _found({"models": []})
		with input as fixture.without(fixture.sampling_request, "question/sampling/models")
	rule.findings == _found({"models": []}) with input as fixture.without(_answered(null), "question/sampling/models")
	rule.findings == _found({"models": ["claude-sonnet-5"]})
		with input as fixture.without(fixture.sampling_request, "registry/purpose/sampling/models")
}

test_deny_malformed if {
	rule.findings == _found({"models": []}) with input as _hinting("claude-sonnet-5")
	rule.findings == _found({"models": []}) with input as _hinting([5])
	every models in [null, "claude-*", {"x": "claude-*"}, [5]] {
		rule.findings == _found({"models": ["claude-sonnet-5"]})
			with input as fixture.changed(fixture.sampling_request, "registry/purpose/sampling/models", models)
	}
}
