# METADATA
# title: Hidden characters in a question
# description: What a person would read holds characters that are not seen.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: clarification.hidden_text
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: A person consents to what is seen; characters that reorder or vanish make that another thing.
#   remediation: Have the server send plain text.
#   mapping:
#     owasp_asi: [ASI09]
#     owasp_mcp: [MCP06]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.clarification.hidden_text

import data.countersign.lib.clarification
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"where": finding.bounded(_where)}) if {
	clarification.applies
	not _clean
}

_clean if {
	is_array(input.question.elicitation.texts)
	every text in input.question.elicitation.texts {
		text.hidden == false
	}
}

_where := [text.where |
	some text in object.get(input, ["question", "elicitation", "texts"], [])
	text.hidden != false
]
