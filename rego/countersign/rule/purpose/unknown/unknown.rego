# METADATA
# title: Purpose unknown to the registry
# description: The registry of the tenant has no purpose of the code that was granted.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: purpose.unknown
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     The registry holds the widest that a purpose may be; a grant without that bound would be bounded by its
#     issuer alone.
#   remediation: Add the purpose to the registry, or have it granted under a code that is there.
#   mapping:
#     owasp_asi: [ASI01]
#     owasp_mcp: [MCP06]
#     maestro: [L3, L6]
#     nist: [AI-RMF-GOVERN, CSF-PR]
package countersign.rule.purpose.unknown

import data.countersign.lib.finding
import data.countersign.lib.grant

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"code": input.attested.purpose.code}) if {
	grant.issued
	not grant.registered
}
