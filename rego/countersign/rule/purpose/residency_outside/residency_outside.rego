# METADATA
# title: Residency outside the purpose
# description: >-
#   The question touches data that must stay where the grant or the registry does not let the purpose go.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: purpose.residency_outside
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: Where data may be processed is a matter of law and contract, and not of the task at hand.
#   remediation: Ask for a grant for that region, or use data of the region that was granted.
#   mapping:
#     owasp_asi: [ASI01]
#     owasp_mcp: [MCP10]
#     maestro: [L2, L6]
#     nist: [AI-RMF-MAP, CSF-PR]
package countersign.rule.purpose.residency_outside

import data.countersign.lib.finding
import data.countersign.lib.grant
import data.countersign.lib.within

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"residency": finding.bounded(_outside)}) if {
	grant.registered
	not _inside
}

_inside if {
	within.both(
		input.question.data_scope.residency,
		input.attested.purpose.bounds.residency,
		input.registry.purpose.residency,
	)
}

_outside := [value |
	some value in object.get(input, ["question", "data_scope", "residency"], [])
	not _granted[value]
]

_granted contains value if {
	some value in input.attested.purpose.bounds.residency
	value in input.registry.purpose.residency
}
