# METADATA
# title: Agent not allowed
# description: The software that acts for the initiator may not use this server, or not for this initiator.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: identity.agent_not_allowed
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     The boundary of a user and the boundary of an agent are two; both must hold, or an agent becomes a deputy
#     for whatever its users may do.
#   remediation: Register the agent with the servers it needs and the groups it serves.
#   mapping:
#     owasp_asi: [ASI03, ASI10]
#     owasp_mcp: [MCP02, MCP07]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MAP, CSF-PR]
package countersign.rule.identity.agent_not_allowed

import data.countersign.lib.finding
import data.countersign.lib.initiator

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"client_id": object.get(input, ["verified", "initiator", "client_id"], null),
	"reason": _reason,
}) if {
	initiator.proven
	not initiator.acts_alone
	not _allowed
}

_allowed if {
	is_string(input.verified.initiator.client_id)
	input.registry.agent.iss == input.verified.initiator.iss
	is_array(input.registry.agent.servers)
	input.question.server_id in input.registry.agent.servers
	initiator.in_one_of(input.registry.agent.groups)
}

_serves if {
	is_array(input.registry.agent.servers)
	input.question.server_id in input.registry.agent.servers
}

# Another issuer's client of the same name is another agent, which nobody registered.
default _reason := "unregistered"

_reason := "initiator" if {
	input.registry.agent.iss == input.verified.initiator.iss
	_serves
}

_reason := "server" if {
	input.registry.agent.iss == input.verified.initiator.iss
	not _serves
}
