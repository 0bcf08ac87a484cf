# METADATA
# title: Initiator unproven
# description: The query carries no evidence of its initiator that we verified ourselves.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: identity.initiator_unproven
#   severity: critical
#   effect: deny
#   waivable: false
#   rationale: Without a proven initiator there is nobody to whom an authority or a consent could belong.
#   remediation: Send an access token of the initiator for the MCP server that is asked about.
#   mapping:
#     owasp_asi: [ASI03]
#     owasp_mcp: [MCP07]
#     maestro: [L4, L7]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.identity.initiator_unproven

import data.countersign.lib.finding
import data.countersign.lib.initiator

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"grade": object.get(input, ["verified", "initiator", "grade"], null)}) if {
	not initiator.proven
}
