# METADATA
# title: Definition refers elsewhere
# description: The definition as served refers to a schema outside itself.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: supply.definition_remote_ref
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     A digest over a definition does not bind what it refers to; and whoever resolves the reference fetches
#     what a server names.
#   remediation: Have the author of the server write the schema out, or refer inside it (#/$defs).
#   mapping:
#     owasp_asi: [ASI04]
#     owasp_mcp: [MCP04]
#     maestro: [L3]
#     nist: [AI-RMF-MEASURE, CSF-PR]
package countersign.rule.supply.definition_remote_ref

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"capability": object.get(input, ["question", "key"], null)}) if {
	not input.question.definition_remote_ref == false
}
