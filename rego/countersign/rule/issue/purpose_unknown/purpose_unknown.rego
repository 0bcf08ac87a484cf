# METADATA
# title: Grant of an unknown purpose
# description: >-
#   The registry does not know the purpose that a grant is asked for.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: issue.purpose_unknown
#   severity: high
#   effect: deny
#   waivable: false
#   observable: false
#   rationale: >-
#     Without an entry nobody answers for the purpose, and nothing bounds it.
#   remediation: Register the purpose, or correct its code.
#   mapping:
#     owasp_asi: [ASI01, ASI03]
#     owasp_mcp: [MCP02]
#     maestro: [L3, L6]
#     nist: [AI-RMF-GOVERN, CSF-PR]
package countersign.rule.issue.purpose_unknown

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"purpose": object.get(input, ["question", "name"], null)}) if {
	not _known
}

_known if is_object(input.registry.purpose)
