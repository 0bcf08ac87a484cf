# METADATA
# title: Purpose not yet valid
# description: The purpose grant begins later.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: purpose.not_yet
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: A grant that is prepared for later, say a maintenance window, must not open earlier.
#   remediation: Wait for the grant to begin, or ask for one that has begun.
#   mapping:
#     owasp_asi: [ASI01]
#     owasp_mcp: [MCP06]
#     maestro: [L3, L6]
#     nist: [AI-RMF-GOVERN, CSF-PR]
package countersign.rule.purpose.not_yet

import data.countersign.lib.finding
import data.countersign.lib.grant

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"not_before": object.get(input, ["attested", "purpose", "not_before"], null),
	"now": object.get(input, ["now"], null),
}) if {
	grant.issued
	not grant.begun
}
