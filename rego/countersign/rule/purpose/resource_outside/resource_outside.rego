# METADATA
# title: Resource outside the purpose
# description: The question touches a resource that lies under none of the prefixes of the grant.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: purpose.resource_outside
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     A grant for one system must not reach its neighbours. A prefix ends where a name ends, and a path that
#     climbs lies under nothing.
#   remediation: Ask for a grant whose resources cover it.
#   mapping:
#     owasp_asi: [ASI01]
#     owasp_mcp: [MCP10]
#     maestro: [L2, L6]
#     nist: [AI-RMF-MAP, CSF-PR]
package countersign.rule.purpose.resource_outside

import data.countersign.lib.finding
import data.countersign.lib.grant
import data.countersign.lib.within

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"resources": finding.bounded(_outside)}) if {
	grant.issued
	not _inside
}

_inside if {
	# An empty list of prefixes means any resource.
	input.attested.purpose.bounds.resources == []
	is_array(input.question.data_scope.resources)
} else if {
	is_array(input.question.data_scope.resources)
	is_array(input.attested.purpose.bounds.resources)
	every resource in input.question.data_scope.resources {
		_covered(resource)
	}
}

_covered(resource) if {
	some prefix in input.attested.purpose.bounds.resources
	within.under(resource, prefix)
}

_outside := [resource |
	some resource in object.get(input, ["question", "data_scope", "resources"], [])
	not _covered(resource)
]
