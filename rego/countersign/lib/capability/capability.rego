# METADATA
# title: The capability
# description: What the registry says of the capability that is asked for.
# schemas:
#   - input: schema["policy-input"]
package countersign.lib.capability

import data.countersign.lib.approval
import data.countersign.lib.argument
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

approvers := object.union(_approvers(_rule), _assurance)

_rule := input.registry.capability.approval if names_approvers

_rule := input.registry.parameters.default_approval if not names_approvers

# METADATA
# description: It names approvers of its own; whoever does that wants to be asked.
names_approvers if input.registry.capability.approval != null

# What is demanded is the most that the rule, or an effect of the capability, asks for; what is not known can be met
# by nothing.
default _assurance := {}

_assurance := {"assurance": null} if {
	some demanded in _assurances
	not approval.level(demanded)
} else := {"assurance": demanded} if {
	some demanded in _assurances
	approval.level(demanded) == max({approval.level(one) | some one in _assurances})
}

# An effect that is not known may be any.
_assurances contains demand.assurance if {
	some demand in input.registry.parameters.approval_assurance
	not _lacks(demand.facet)
}

_assurances contains _rule.assurance

_lacks(facet) if {
	is_array(input.registry.capability.effects)
	not facet in input.registry.capability.effects
}

_approvers(rule) := object.union(
	{"group": rule.group, "quorum": rule.quorum},
	object.filter(rule, array.concat(["workloads"], _several(rule))),
) if {
	is_string(rule.group)
	rule.group != ""
	is_number(rule.quorum)
	rule.quorum >= 1
}

# Outside of the template an action waits for an approval of its own, and for one use.
default _several(_) := []

_several(rule) := ["uses"] if not "template" in object.keys(rule)

_several(rule) := ["uses", "template"] if {
	every bound in rule.template {
		argument.kept(input.question.arguments, bound)
	}
}
