# METADATA
# title: Server without proof of possession
# description: >-
#   The capability can do harm, and the server only showed a token that whoever saw it could show too.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: identity.server_pop_required
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     A short-lived token for us is a bearer's token: a gateway, a proxy or a log that saw it can play it back for
#     another question until it expires. A proof that is made for this very request cannot be played back.
#   remediation: >-
#     Have the server prove its key for this request: a WIT with a WPT that names the digest of the request or a
#     nonce of ours. Or take the facet out of parameters.pop_facets, if a bearer's token is enough for it.
#   mapping:
#     owasp_asi: [ASI03, ASI04]
#     owasp_mcp: [MCP09]
#     maestro: [L4]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.identity.server_pop_required

import data.countersign.lib.finding
import data.countersign.lib.privilege
import data.countersign.lib.server

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"grade": object.get(input, ["verified", "server", "grade"], null),
	"facets": privilege.facets,
}) if {
	input.question.phase == "request"
	server.proven
	privilege.facets != []
	not input.verified.server.grade == "pop"
}
