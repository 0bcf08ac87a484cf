# METADATA
# title: Asked too often
# description: >-
#   The server has asked this person more often within an hour than the tenant allows.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: clarification.too_often
#   severity: medium
#   effect: deny
#   waivable: false
#   rationale: >-
#     Whoever is asked without end answers without reading.
#   remediation: >-
#     Ask for what is needed at once, in one form; or raise max_per_hour of the clarification parameters.
#   mapping:
#     owasp_asi: [ASI09]
#     owasp_mcp: [MCP06]
#     maestro: [L7]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.clarification.too_often

import data.countersign.lib.clarification
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"lately": _lately, "most": _most}) if {
	clarification.asked
	not _inside
}

default _most := 30

_most := input.registry.parameters.clarification.max_per_hour

_inside if {
	is_number(input.verified.inputs.lately)
	is_number(_most)
	input.verified.inputs.lately < _most
}

_lately := object.get(input, ["verified", "inputs", "lately"], null)
