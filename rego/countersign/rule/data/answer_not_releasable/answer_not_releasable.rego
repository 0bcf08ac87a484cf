# METADATA
# title: Answer that may not go back
# description: What would go back to the server is of a classification that answers may not have.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: data.answer_not_releasable
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     Answers to a server are a way out that no tool call shows; model output and form content may hold what the
#     caller saw and the server must not.
#   remediation: Decline the request, or answer with data that may go back.
#   mapping:
#     owasp_asi: [ASI06, ASI09]
#     owasp_mcp: [MCP10]
#     maestro: [L2, L6]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.data.answer_not_releasable

import data.countersign.lib.finding
import data.countersign.lib.within

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"classifications": finding.bounded(_outside)}) if {
	input.question.phase == "input_response"
	not _releasable
}

_releasable if within.all_in(
	input.question.data_scope.classifications,
	input.registry.parameters.releasable.input_response,
)

_outside := within.outside(
	object.get(input, ["question", "data_scope", "classifications"], []),
	object.get(input, ["registry", "parameters", "releasable", "input_response"], null),
)
