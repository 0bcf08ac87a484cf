# METADATA
# title: Input on the wrong side
# description: An input stands in a phase where none belongs, or an answer holds content where none may be.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: clarification.wrong_side
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     Who asks and who answers must not be mixed: a server that sends an answer, or content beside a refusal,
#     speaks for a person who said nothing.
#   remediation: Ask with the phase that belongs to the kind, and send content only with an accepted form.
#   mapping:
#     owasp_asi: [ASI09, ASI07]
#     owasp_mcp: [MCP07]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.clarification.wrong_side

import data.countersign.lib.clarification
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"reason": "phase"}) if {
	_in_call
	_is_input
}

findings contains finding.new(_chain, {"reason": "phase"}) if {
	_in_round
	not _is_input
}

findings contains finding.new(_chain, {"reason": "action"}) if {
	clarification.answered
	not _action_known
}

findings contains finding.new(_chain, {"reason": "content"}) if {
	clarification.answered
	not _content_in_place
}

findings contains finding.new(_chain, {"reason": "answer"}) if {
	clarification.asked
	not _unanswered
}

_in_call if input.question.phase == "request"

_in_call if input.question.phase == "result"

_in_round if input.question.phase == "input_request"

_in_round if input.question.phase == "input_response"

_is_input if input.question.kind == "elicitation"

_is_input if input.question.kind == "sampling"

_is_input if input.question.kind == "roots"

_action_known if input.question.elicitation.action in ["accept", "decline", "cancel"]

# Only who accepts a form has something to say.
_content_in_place if input.question.elicitation.answered == null

_content_in_place if input.question.elicitation.answered == []

_content_in_place if {
	input.question.elicitation.action == "accept"
	clarification.form
}

_unanswered if {
	input.question.elicitation.action == null
	input.question.elicitation.answered == null
}
