# METADATA
# title: Gateway outside its servers
# description: The gateway that asks is registered for other servers.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: identity.pep_outside
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: A gateway that is taken over must not get decisions for the servers behind another.
#   remediation: Ask through the gateway that fronts the server, or widen the registration of the gateway.
#   mapping:
#     owasp_asi: [ASI03, ASI07]
#     owasp_mcp: [MCP07]
#     maestro: [L4]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.identity.pep_outside

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"pep": object.get(input, ["verified", "pep", "id"], null),
	"server": object.get(input, ["question", "server_id"], null),
}) if {
	not _inside
}

_inside if {
	input.verified.pep.servers == []
} else if {
	is_array(input.verified.pep.servers)
	input.question.server_id in input.verified.pep.servers
}
