# METADATA
# title: Too much text
# description: What a person would have to read is longer than the tenant allows.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: clarification.text_unbounded
#   severity: medium
#   effect: deny
#   waivable: true
#   rationale: Nobody reads pages before an answer; what matters is hidden in the middle.
#   remediation: Have the server ask shortly.
#   mapping:
#     owasp_asi: [ASI09]
#     owasp_mcp: [MCP06]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.clarification.text_unbounded

import data.countersign.lib.clarification
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"length": _length,
	"maximum": object.get(input, ["registry", "parameters", "max_elicitation_text"], null),
}) if {
	clarification.asked
	not _inside
}

_inside if {
	is_number(input.registry.parameters.max_elicitation_text)
	is_number(_length)
	_length <= input.registry.parameters.max_elicitation_text
}

default _length := null

_length := sum([text.length | some text in input.question.elicitation.texts]) if {
	is_array(input.question.elicitation.texts)
	every text in input.question.elicitation.texts {
		is_number(text.length)
	}
}
