# METADATA
# title: Hidden characters in sampling
# description: >-
#   What a server gives the model, or what the model wrote, holds characters that a reader does not see.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: sampling.hidden_text
#   severity: high
#   effect: deny
#   waivable: true
#   rationale: >-
#     The person who is shown the prompt does not see what the model is told; on the way back hidden characters
#     carry data out.
#   remediation: Have the server send plain text.
#   mapping:
#     owasp_asi: [ASI01, ASI06]
#     owasp_mcp: [MCP06]
#     maestro: [L1, L3]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.sampling.hidden_text

import data.countersign.lib.finding
import data.countersign.lib.sampling

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"where": finding.bounded(_where)}) if {
	sampling.applies
	not _clean
}

_clean if {
	is_array(input.question.sampling.texts)
	every text in input.question.sampling.texts {
		text.hidden == false
	}
}

_where := [text.where |
	some text in object.get(input, ["question", "sampling", "texts"], [])
	text.hidden != false
]
