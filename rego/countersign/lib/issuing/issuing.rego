# METADATA
# title: Issuing
# description: >-
#   Which issuing rules of the registry let whoever asks issue the grant. A rule past its review date and grace is none.
# schemas:
#   - input: schema["policy-input"]
package countersign.lib.issuing

import data.countersign.lib.initiator
import data.countersign.lib.review

# METADATA
# description: Rules that let this asker issue a grant of the purpose to this initiator, whatever it gives.
# scope: document
of_asker contains rule if {
	is_array(input.registry.issuing)
	some rule in input.registry.issuing
	review.current(rule.review_by)
	_names_asker(rule)
	_for_whom(rule.initiators)
}

# METADATA
# description: Those of them that allow all that the grant gives, for as long.
# scope: document
covering contains rule if {
	is_number(input.question.arguments.seconds)
	some rule in of_asker
	rule.outside == []
	is_number(rule.max_seconds)
	input.question.arguments.seconds <= rule.max_seconds
}

_names_asker(rule) if rule.names_gateway == true

_names_asker(rule) if {
	_person
	initiator.in_one_of(rule.groups)
}

# Whoever holds a token on behalf of somebody is not that somebody.
_person if {
	initiator.proven
	input.verified.initiator.kind == "person"
	input.verified.initiator.delegation == []
}

_for_whom("anybody") := true

_for_whom("oneself") if _oneself

_oneself if {
	initiator.proven
	input.question.arguments.initiator.iss == input.verified.initiator.iss
	input.question.arguments.initiator.sub == input.verified.initiator.sub
}
