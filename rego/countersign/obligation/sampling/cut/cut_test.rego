package countersign.obligation.sampling.cut_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.obligation.sampling.cut as rule

_asking(tokens) := fixture.changed(fixture.sampling_request, "question/sampling/max_tokens", tokens)

_cut(tokens) := {{
	"id": "sampling.cut",
	"type": "limit_sampling",
	"properties": {"max_tokens": tokens, "include_context": "none"},
}}

test_permit_inside if {
	every tokens in [1, 500, 1000] {
		rule.obligations == set() with input as _asking(tokens)
	}
}

test_permit_with_a_cut if {
	rule.obligations == _cut(1000) with input as _asking(1001)
	narrower := fixture.changed(_asking(1001), "registry/purpose/sampling/max_tokens", 800)
	rule.obligations == _cut(800) with input as narrower
}

test_permit_answers_and_other_kinds if {
	every question in [fixture.changed(fixture.sampling_response, "question/sampling/max_tokens", null), fixture.tool] {
		rule.obligations == set() with input as question
	}
}

test_nothing_to_cut if {
	every question in [_asking(null), _asking(0), fixture.changed(_asking(1001), "registry/purpose/sampling", null)] {
		rule.obligations == set() with input as question
	}
}
