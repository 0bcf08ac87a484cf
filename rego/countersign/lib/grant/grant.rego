# METADATA
# title: The purpose grant
# description: What the issued purpose grant says of this question.
# schemas:
#   - input: schema["policy-input"]
package countersign.lib.grant

import data.countersign.lib.within

# Clocks of two machines differ: a grant of this very second may seem to come from the next one.
_clock_skew_seconds := 30

# METADATA
# scope: document
# description: An issuer of the tenant signed a purpose; asserted codes do not count.
default issued := false

issued if {
	is_string(input.attested.purpose.grant_id)
	is_string(input.attested.purpose.code)
	is_object(input.attested.purpose.bounds)
}

# METADATA
# scope: document
# description: The registry knows the purpose, so that there is a widest bound.
default registered := false

registered if {
	issued
	is_object(input.registry.purpose)
}

# METADATA
# description: The grant is already valid.
begun if {
	is_number(input.now)
	is_number(input.attested.purpose.not_before)
	_reached(input.attested.purpose.not_before)
}

# The sum is worked out only where it is needed: arithmetic is slow in WebAssembly.
_reached(moment) if {
	moment <= input.now
} else if {
	moment <= input.now + _clock_skew_seconds
}

# METADATA
# description: The grant is still valid.
unexpired if {
	is_number(input.now)
	is_number(input.attested.purpose.expires_at)
	input.now < input.attested.purpose.expires_at
}

# METADATA
# description: The grant was issued to the initiator whom we verified.
for_initiator if {
	is_string(input.verified.initiator.iss)
	is_string(input.verified.initiator.sub)
	input.attested.purpose.initiator.iss == input.verified.initiator.iss
	input.attested.purpose.initiator.sub == input.verified.initiator.sub
}

# METADATA
# description: >-
#   The grant lists the capability: `<server>/*`, `<server>/<kind>:*`, `<server>/<key>`, or for resources
#   `<server>/resource:<prefix>*`.
covers if {
	_listed(concat("/", [input.question.server_id, "*"]))
} else if {
	_listed(concat("/", [input.question.server_id, input.question.key]))
} else if {
	_listed(concat("", [input.question.server_id, "/", input.question.kind, ":*"]))
} else if {
	input.question.kind == "resource"
	is_array(input.attested.purpose.bounds.capabilities)
	some pattern in input.attested.purpose.bounds.capabilities
	endswith(pattern, "*")
	_under(trim_suffix(pattern, "*"))
}

_listed(pattern) if {
	is_array(input.attested.purpose.bounds.capabilities)
	pattern in input.attested.purpose.bounds.capabilities
}

_under(prefix) if {
	startswith(prefix, concat("/", [input.question.server_id, "resource:"]))
	key := input.question.key
	startswith(concat("/", [input.question.server_id, key]), prefix)
	not within.leads_elsewhere(key)
}
