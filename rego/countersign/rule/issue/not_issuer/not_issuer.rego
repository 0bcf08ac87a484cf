# METADATA
# title: Not an issuer
# description: >-
#   No issuing rule of the registry lets whoever asks issue a grant of this purpose to this initiator.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: issue.not_issuer
#   severity: high
#   effect: deny
#   waivable: false
#   observable: false
#   rationale: >-
#     A purpose that anybody may issue binds nobody: who asks for work is not who says what it may touch.
#   remediation: Have somebody ask whom `issuing` of the registry names for the purpose, or add a rule there.
#   mapping:
#     owasp_asi: [ASI01, ASI03]
#     owasp_mcp: [MCP02]
#     maestro: [L3, L6]
#     nist: [AI-RMF-GOVERN, CSF-PR]
package countersign.rule.issue.not_issuer

import data.countersign.lib.finding
import data.countersign.lib.issuing

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"purpose": object.get(input, ["question", "name"], null)}) if {
	issuing.of_asker == set()
}
