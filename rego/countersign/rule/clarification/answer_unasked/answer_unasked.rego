# METADATA
# title: Answer that was not asked for
# description: An answer holds members that the form did not ask for, or of another type.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: clarification.answer_unasked
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: What a client adds to an answer was shown to nobody.
#   remediation: Answer with the fields of the form only.
#   mapping:
#     owasp_asi: [ASI09, ASI02]
#     owasp_mcp: [MCP10]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.clarification.answer_unasked

import data.countersign.lib.clarification
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"members": finding.bounded(object.get(input, ["question", "elicitation", "unasked"], [])),
}) if {
	clarification.answered
	not _as_asked
}

_as_asked if input.question.elicitation.unasked == []
