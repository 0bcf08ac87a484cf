# METADATA
# title: Server proven as somebody else
# description: The workload that proved itself is not the one that is registered for the server.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: identity.server_mismatch
#   severity: critical
#   effect: deny
#   waivable: false
#   rationale: >-
#     A workload with a valid identity of its own must not speak for another server; whole SPIFFE ids are
#     compared, byte for byte; claims of a platform, digests, names and keys as they are registered.
#   remediation: Let the registered workload prove itself, or register the workload that serves.
#   mapping:
#     owasp_asi: [ASI03, ASI04]
#     owasp_mcp: [MCP09]
#     maestro: [L4, L7]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.identity.server_mismatch

import data.countersign.lib.finding
import data.countersign.lib.server

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"proven": server.proven_name,
	"registered": server.registered_name,
}) if {
	server.registered
	server.proven
	not server.same_workload
}
