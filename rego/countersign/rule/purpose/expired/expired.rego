# METADATA
# title: Purpose expired
# description: The purpose grant is no longer valid.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: purpose.expired
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: A purpose ends with its task; what it allowed must end too.
#   remediation: Ask for a new grant.
#   mapping:
#     owasp_asi: [ASI01]
#     owasp_mcp: [MCP06]
#     maestro: [L3, L6]
#     nist: [AI-RMF-GOVERN, CSF-PR]
package countersign.rule.purpose.expired

import data.countersign.lib.finding
import data.countersign.lib.grant

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"expires_at": object.get(input, ["attested", "purpose", "expires_at"], null),
	"now": object.get(input, ["now"], null),
}) if {
	grant.issued
	not grant.unexpired
}
