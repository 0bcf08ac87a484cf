# METADATA
# title: Review dates
# description: >-
#   Entries of the registry and gateways say until when they were reviewed. Past that date people are warned; past
#   it and the tenant's grace an entry no longer counts. A date that is missing or malformed is past.
# schemas:
#   - input: schema["policy-input"]
package countersign.lib.review

# METADATA
# description: The review date, and the grace after it, have not passed.
current(review_by) if {
	is_number(review_by)
	is_number(input.now)
	input.now <= review_by + _grace
}

default _grace := 0

_grace := seconds if {
	seconds := input.registry.parameters.review_grace_seconds
	is_number(seconds)
	seconds > 0
}
