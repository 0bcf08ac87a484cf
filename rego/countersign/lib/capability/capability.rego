# METADATA
# title: The capability
# description: What the registry says of the capability that is asked for.
# schemas:
#   - input: schema["policy-input"]
package countersign.lib.capability

import data.countersign.lib.initiator

# METADATA
# scope: document
# description: The registry knows the capability, and as this kind.
default known := false

known if {
	is_string(input.question.key)
	input.question.key != ""
	input.registry.capability.kind == input.question.kind
}

# METADATA
# description: The initiator is in one of its groups; no group means every proven initiator of the tenant.
group_held if {
	input.registry.capability.groups == []
} else if {
	initiator.in_one_of(input.registry.capability.groups)
}

# METADATA
# scope: document
# description: >-
#   Who is to be asked before it is used: its own approvers, or those of the tenant.
default approvers := {"group": null, "quorum": null}

approvers := _approvers(input.registry.capability.approval) if names_approvers

approvers := _approvers(input.registry.parameters.default_approval) if not names_approvers

# METADATA
# description: It names approvers of its own; whoever does that wants to be asked.
names_approvers if input.registry.capability.approval != null

_approvers(rule) := {"group": rule.group, "quorum": rule.quorum} if {
	is_string(rule.group)
	rule.group != ""
	is_number(rule.quorum)
	rule.quorum >= 1
}
