# METADATA
# title: The initiator
# description: What is verified of the person or workload at the start.
# schemas:
#   - input: schema["policy-input"]
package countersign.lib.initiator

# METADATA
# scope: document
# description: We verified who it is. A chain that only the gateway vouches for (`forwarded`) still names somebody.
default proven := false

proven if {
	_evidence(input.verified.initiator.grade)
	is_string(input.verified.initiator.iss)
	is_string(input.verified.initiator.sub)
	input.verified.initiator.iss != ""
	input.verified.initiator.sub != ""
}

_evidence("bearer") := true

_evidence("pop") := true

_evidence("forwarded") := true

# METADATA
# description: It is a workload that acts for itself, so that there is no agent between.
acts_alone if {
	input.verified.initiator.kind == "workload"
	input.verified.initiator.client_id == input.verified.initiator.sub
	input.verified.initiator.delegation == []
}

# METADATA
# description: It is in one of these groups, by its token or by the registry.
in_one_of(groups) if {
	is_array(groups)
	some group in groups
	_groups[group]
}

_groups contains group if {
	is_array(input.verified.initiator.groups)
	some group in input.verified.initiator.groups
}

_groups contains group if {
	is_array(input.registry.initiator_groups)
	some group in input.registry.initiator_groups
}
