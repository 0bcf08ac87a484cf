# METADATA
# title: Capability unknown
# description: The registry of the tenant does not know the capability, or knows it as another kind.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: capability.unknown
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     What is not registered has no effects, groups or bounds that could be judged; it is denied by default.
#   remediation: Register the capability of the server with its effects.
#   mapping:
#     owasp_asi: [ASI02, ASI04]
#     owasp_mcp: [MCP07, MCP09]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MAP, CSF-ID]
package countersign.rule.capability.unknown

import data.countersign.lib.capability
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"server": object.get(input, ["question", "server_id"], null),
	"capability": object.get(input, ["question", "key"], null),
}) if {
	not capability.known
}
