package countersign.rule.sampling.tokens_unbounded_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.sampling.tokens_unbounded as rule

_found(params) := {{
	"code": "sampling.tokens_unbounded",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "sampling.tokens_unbounded",
	"params": params,
}}

_asking(tokens) := fixture.changed(fixture.sampling_request, "question/sampling/max_tokens", tokens)

test_permit_inside if {
	every tokens in [1, 500, 1000] {
		rule.findings == set() with input as _asking(tokens)
	}
}

test_permit_with_a_cut if {
	rule.findings == set() with input as _asking(1001)
}

test_permit_answers_and_other_kinds if {
	every question in [fixture.changed(fixture.sampling_response, "question/sampling/max_tokens", null), fixture.tool] {
		rule.findings == set() with input as question
	}
}

test_permit_not_granted_is_another_finding if {
	rule.findings == set() with input as fixture.changed(_asking(null), "registry/purpose/sampling", null)
}

test_deny_not_positive if {
	every tokens in [null, 0, -1] {
		rule.findings == _found({"max_tokens": tokens}) with input as _asking(tokens)
	}
}

test_deny_missing if {
	rule.findings == _found({"max_tokens": null})
		with input as fixture.without(fixture.sampling_request, "question/sampling/max_tokens")
	rule.findings == _found({"max_tokens": 500})
		with input as fixture.without(fixture.sampling_request, "registry/purpose/sampling/max_tokens")
}

test_deny_malformed if {
	rule.findings == _found({"max_tokens": "500"}) with input as _asking("500")
	every maximum in [null, "1000", 0] {
		rule.findings == _found({"max_tokens": 500})
			with input as fixture.changed(fixture.sampling_request, "attested/purpose/bounds/sampling/max_tokens", maximum)
	}
}
