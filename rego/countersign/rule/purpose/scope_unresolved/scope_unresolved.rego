# METADATA
# title: Data scope unresolved
# description: A mapping of the registry must find what data is touched, and found nothing.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: purpose.scope_unresolved
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: When it cannot be told what a call would touch, no bound on data holds for it.
#   remediation: Send the argument that names the data, or correct the mapping in the registry.
#   mapping:
#     owasp_asi: [ASI01, ASI02]
#     owasp_mcp: [MCP10]
#     maestro: [L2, L6]
#     nist: [AI-RMF-MAP, CSF-ID]
package countersign.rule.purpose.scope_unresolved

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"unresolved": finding.bounded(object.get(input, ["question", "data_scope", "unresolved"], [])),
}) if {
	not input.question.data_scope.unresolved == []
}
