# METADATA
# title: Direction outside the purpose
# description: Data would flow in a direction that the grant or the registry does not give the purpose.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: purpose.direction_outside
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     A purpose that only reads has no need to send anything out; egress is what turns a read into a leak.
#   remediation: Ask for a grant that has the direction.
#   mapping:
#     owasp_asi: [ASI01, ASI02]
#     owasp_mcp: [MCP10]
#     maestro: [L2, L6]
#     nist: [AI-RMF-MAP, CSF-PR]
package countersign.rule.purpose.direction_outside

import data.countersign.lib.finding
import data.countersign.lib.grant
import data.countersign.lib.within

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"directions": finding.bounded(_outside)}) if {
	grant.registered
	not _inside
}

_inside if {
	within.both(
		input.question.data_scope.directions,
		input.attested.purpose.bounds.directions,
		input.registry.purpose.directions,
	)
}

_outside := [value |
	some value in object.get(input, ["question", "data_scope", "directions"], [])
	not _granted[value]
]

_granted contains value if {
	some value in input.attested.purpose.bounds.directions
	value in input.registry.purpose.directions
}
