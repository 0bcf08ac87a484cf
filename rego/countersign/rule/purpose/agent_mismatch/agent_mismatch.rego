# METADATA
# title: Purpose of another agent
# description: >-
#   The purpose grant binds one client, and another acts.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: purpose.agent_mismatch
#   severity: critical
#   effect: deny
#   waivable: false
#   rationale: >-
#     A purpose that was given for one agent must not serve whatever else acts for the same person.
#   remediation: Use a grant for the client that acts, or one that binds none.
#   mapping:
#     owasp_asi: [ASI01, ASI03]
#     owasp_mcp: [MCP02]
#     maestro: [L3, L6]
#     nist: [AI-RMF-GOVERN, CSF-PR]
package countersign.rule.purpose.agent_mismatch

import data.countersign.lib.finding
import data.countersign.lib.grant

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"grant_id": input.attested.purpose.grant_id}) if {
	grant.issued
	not _for_agent
}

_for_agent if input.attested.purpose.agent == null

_for_agent if {
	is_string(input.attested.purpose.agent)
	input.attested.purpose.agent == input.verified.initiator.client_id
}
