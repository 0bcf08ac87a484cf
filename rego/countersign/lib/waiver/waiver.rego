# METADATA
# title: Exceptions
# description: >-
#   A time-limited waiver of one rule for one capability. A waived finding stays in the evidence and has no
#   effect. An exception that is expired, malformed or overdue for review is ignored.
# schemas:
#   - input: schema["policy-input"]
package countersign.lib.waiver

import data.countersign.lib.review

# METADATA
# description: The id of the exception that waives the finding; undefined when none does.
of(finding) := min(ids) if {
	_may_be_waived(finding)
	ids := {exception.id |
		some exception in _in_force
		exception.code == finding.code
	}
	count(ids) > 0
}

_may_be_waived(finding) if {
	finding.waivable == true
	_below_critical(finding.severity)
	not startswith(finding.code, "identity.")
	not startswith(finding.rule, "identity.")
}

_below_critical("low") := true

_below_critical("medium") := true

_below_critical("high") := true

_in_force contains exception if {
	is_array(input.registry.exceptions)
	is_number(input.now)
	some exception in input.registry.exceptions
	exception.server == input.question.server_id
	exception.capability == input.question.key
	_well_formed(exception)
	exception.not_before <= input.now
	input.now < exception.expires_at
	review.current(exception.review_by)
}

_well_formed(exception) if {
	every member in ["id", "code", "server", "capability", "owner", "reason"] {
		is_string(exception[member])
		exception[member] != ""
	}
	every member in ["not_before", "expires_at"] {
		is_number(exception[member])
	}
}
