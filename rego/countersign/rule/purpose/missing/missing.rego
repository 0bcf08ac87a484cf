# METADATA
# title: Purpose missing
# description: The query names no purpose at all.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: purpose.missing
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: Who may do what says nothing without what for; consent to a call is consent to its purpose.
#   remediation: Ask an issuer of the tenant for a purpose grant and send it with the query.
#   mapping:
#     owasp_asi: [ASI01]
#     owasp_mcp: [MCP06]
#     maestro: [L3, L6]
#     nist: [AI-RMF-GOVERN, CSF-PR]
package countersign.rule.purpose.missing

import data.countersign.lib.finding
import data.countersign.lib.grant

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {}) if {
	not grant.issued
	not _asserted
}

_asserted if {
	is_string(input.asserted.purpose_code)
	input.asserted.purpose_code != ""
}
