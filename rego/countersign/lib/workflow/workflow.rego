# METADATA
# title: The workflow
# description: What has happened in the workflow of the question, and what the question would add to it.
# schemas:
#   - input: schema["policy-input"]
package countersign.lib.workflow

# METADATA
# scope: document
# description: >-
#   Private data was read and content that anybody may have written was seen: what is sent from here on may be what that
#   content asked for. So it is taken to be when it is not known.
default tainted := true

tainted := false if {
	is_array(input.verified.workflow.taint)
	not _has("private_read")
} else := false if {
	is_array(input.verified.workflow.taint)
	not _has("untrusted_seen")
}

# METADATA
# description: The decisions that brought the taint, the first of each.
causes := [sprintf("%s:%s", [taint.facet, _first(taint.decisions)]) |
	some taint in input.verified.workflow.taint
	taint.facet in {"private_read", "untrusted_seen"}
]

# METADATA
# scope: document
# description: Something would leave to where anybody may listen; a result only comes back.
default sends := true

sends := false if {
	input.question.phase == "result"
} else := false if {
	is_array(input.registry.capability.effects)
	not "calls_external" in input.registry.capability.effects
	is_array(input.question.data_scope.directions)
	not "egress" in input.question.data_scope.directions
}

# METADATA
# scope: document
# description: It only looks, and nothing is sent, changed or run.
default looks := false

looks if {
	not sends
	is_array(input.registry.capability.effects)
	every effect in input.registry.capability.effects {
		not _acts(effect)
	}
}

# METADATA
# scope: document
# description: A send in a tainted workflow is held for a person, and not denied; the tenant says so.
default held := false

held if input.registry.parameters.workflow.tainted_send == "hold"

_has(facet) if {
	some taint in input.verified.workflow.taint
	taint.facet == facet
}

_first(decisions) := decisions[0]

_first([]) := "unknown"

_acts("modifies_downstream") := true

_acts("irreversible") := true

_acts("executes_code") := true
