# METADATA
# title: Hidden characters in the definition
# description: The definition as served holds characters that a reader does not see.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: supply.definition_hidden_text
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     Hidden characters carry instructions past the person who reviews and to the model that reads; a definition
#     has no need of them.
#   remediation: Have the author of the server take the characters out.
#   mapping:
#     owasp_asi: [ASI01, ASI04]
#     owasp_mcp: [MCP03]
#     maestro: [L3]
#     nist: [AI-RMF-MEASURE, CSF-DE]
package countersign.rule.supply.definition_hidden_text

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"capability": object.get(input, ["question", "key"], null)}) if {
	_served(input.question.phase)
	not input.question.definition_hidden_text == false
}

_served("request") := true

_served("result") := true
