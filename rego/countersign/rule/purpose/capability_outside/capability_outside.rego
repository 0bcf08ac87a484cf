# METADATA
# title: Capability outside the purpose
# description: The purpose grant does not list the capability.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: purpose.capability_outside
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: A capability that the task has no need of is the first thing that a hijacked goal reaches for.
#   remediation: Ask for a grant whose capabilities cover it.
#   mapping:
#     owasp_asi: [ASI01, ASI02]
#     owasp_mcp: [MCP06]
#     maestro: [L3, L6]
#     nist: [AI-RMF-MAP, CSF-PR]
package countersign.rule.purpose.capability_outside

import data.countersign.lib.finding
import data.countersign.lib.grant

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"server": object.get(input, ["question", "server_id"], null),
	"capability": object.get(input, ["question", "key"], null),
}) if {
	grant.issued
	not grant.covers
}
