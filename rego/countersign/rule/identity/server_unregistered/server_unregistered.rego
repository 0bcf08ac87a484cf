# METADATA
# title: Server unregistered
# description: The registry of the tenant does not know the server that is asked about.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: identity.server_unregistered
#   severity: critical
#   effect: deny
#   waivable: false
#   rationale: A server that nobody registered has no owner, no reviewed definitions and no bounds.
#   remediation: Register the server, its workload and its capabilities in the registry of the tenant.
#   mapping:
#     owasp_asi: [ASI04, ASI10]
#     owasp_mcp: [MCP09]
#     maestro: [L7]
#     nist: [AI-RMF-MAP, CSF-ID]
package countersign.rule.identity.server_unregistered

import data.countersign.lib.finding
import data.countersign.lib.server

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"server": object.get(input, ["question", "server_id"], null)}) if {
	not server.registered
}
