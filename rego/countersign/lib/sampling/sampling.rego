# METADATA
# title: Sampling
# description: Whether the question is one of sampling, and whether the purpose has any.
# schemas:
#   - input: schema["policy-input"]
package countersign.lib.sampling

import data.countersign.lib.grant

# METADATA
# scope: document
# description: A server asks to borrow the caller's model, or the answer is about to go back.
default applies := false

applies if {
	input.question.kind == "sampling"
	_is_round(input.question.phase)
}

_is_round("input_request") := true

_is_round("input_response") := true

# METADATA
# scope: document
# description: A server asks to borrow the caller's model.
default asked := false

asked if {
	input.question.kind == "sampling"
	input.question.phase == "input_request"
}

# METADATA
# scope: document
# description: What the model wrote is about to go back to the server.
default answered := false

answered if {
	input.question.kind == "sampling"
	input.question.phase == "input_response"
}

# METADATA
# scope: document
# description: The grant gives bounds, and so does the registry's purpose, which is the widest.
default granted := false

granted if {
	grant.registered
	is_object(input.attested.purpose.bounds.sampling)
	is_object(input.registry.purpose.sampling)
}

# METADATA
# description: Both bounds that hold, the grant's and the registry's.
bounds := [input.attested.purpose.bounds.sampling, input.registry.purpose.sampling] if granted

# METADATA
# scope: document
# description: The request says how many tokens it wants, and both bounds say how many there may be.
default tokens_bounded := false

tokens_bounded if {
	is_number(input.question.sampling.max_tokens)
	input.question.sampling.max_tokens > 0
	maximum_tokens > 0
}

# METADATA
# description: The narrower of the two bounds on tokens.
maximum_tokens := min([bound.max_tokens | some bound in bounds]) if {
	every bound in bounds {
		is_number(bound.max_tokens)
	}
}
