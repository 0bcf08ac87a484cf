# METADATA
# title: Purpose asserted, not issued
# description: The query names a purpose, and nobody whom the tenant trusts has granted it.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: purpose.unissued
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     A purpose that an agent states of itself would justify whatever it is about to do; a purpose is issued.
#   remediation: Ask an issuer of the tenant for a purpose grant of this code.
#   mapping:
#     owasp_asi: [ASI01]
#     owasp_mcp: [MCP06]
#     maestro: [L3, L6]
#     nist: [AI-RMF-GOVERN, CSF-PR]
package countersign.rule.purpose.unissued

import data.countersign.lib.finding
import data.countersign.lib.grant

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"code": input.asserted.purpose_code}) if {
	not grant.issued
	is_string(input.asserted.purpose_code)
	input.asserted.purpose_code != ""
}
