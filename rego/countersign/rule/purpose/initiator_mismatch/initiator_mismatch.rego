# METADATA
# title: Purpose of somebody else
# description: The purpose grant was issued to another initiator.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: purpose.initiator_mismatch
#   severity: critical
#   effect: deny
#   waivable: false
#   rationale: A grant is no bearer token; whoever finds one must not be able to use it.
#   remediation: Use a grant that was issued to the initiator of this query.
#   mapping:
#     owasp_asi: [ASI03, ASI01]
#     owasp_mcp: [MCP02]
#     maestro: [L3, L6]
#     nist: [AI-RMF-GOVERN, CSF-PR]
package countersign.rule.purpose.initiator_mismatch

import data.countersign.lib.finding
import data.countersign.lib.grant

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"grant_id": input.attested.purpose.grant_id}) if {
	grant.issued
	not grant.for_initiator
}
