# METADATA
# title: Server unproven
# description: The query carries no evidence, verified by us, of the workload that serves MCP.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: identity.server_unproven
#   severity: critical
#   effect: deny
#   waivable: false
#   rationale: >-
#     MCP authenticates clients to servers and never a server workload; a gateway that is led astray would hand
#     data and consent to a stranger. A forwarded certificate is public data and proves no possession: what a gateway
#     started or reached by TLS is its word, and not enough for a facet for which possession must be proved.
#   remediation: >-
#     Send a JWT-SVID of the server workload whose audience is this tenant. Of a server that can make no proof, register
#     `launch` or `tls` and send that; for the facets that are named it is never enough (parameters.pop_facets).
#   mapping:
#     owasp_asi: [ASI03, ASI04]
#     owasp_mcp: [MCP09]
#     maestro: [L4]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.identity.server_unproven

import data.countersign.lib.finding
import data.countersign.lib.privilege
import data.countersign.lib.server

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"grade": object.get(input, ["verified", "server", "grade"], null),
	"facets": privilege.facets,
}) if {
	not server.proven
}
