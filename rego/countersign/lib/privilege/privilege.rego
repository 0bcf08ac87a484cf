# METADATA
# title: Privilege
# description: What a capability can do that makes it matter who serves it.
# schemas:
#   - input: schema["policy-input"]
package countersign.lib.privilege

# METADATA
# scope: document
# description: It has a facet for which possession must be proved; so has whatever is not known.
default demanded := true

demanded := false if {
	is_array(input.registry.capability.effects)
	facets == []
}

# METADATA
# description: The facets of the capability for which possession must be proved.
facets := [facet |
	some facet in input.registry.capability.effects
	_demanding[facet]
]

_demanding contains facet if {
	is_array(input.registry.parameters.pop_facets)
	some facet in input.registry.parameters.pop_facets
}

_demanding contains facet if {
	not _chosen
	some facet in ["reads_secrets", "calls_external", "modifies_downstream", "irreversible", "executes_code"]
}

# The tenant has said which; anything else but a list says nothing.
_chosen if is_array(input.registry.parameters.pop_facets)
