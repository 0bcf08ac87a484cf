# METADATA
# title: Result that is none yet
# description: >-
#   What is to be released says of itself that it asks for input, or that it is of a kind that we do not know.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: data.result_unfinished
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     In the modern era a server asks for a model or a person inside a result. Released as a result, what it
#     asks would be decided by nobody.
#   remediation: Ask for each of the inputRequests as phase input_request.
#   mapping:
#     owasp_asi: [ASI01, ASI09]
#     owasp_mcp: [MCP06, MCP07]
#     maestro: [L3]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.data.result_unfinished

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {}) if {
	input.question.phase == "result"
	not _finished
}

# Null in the eras before results had a type.
_finished if input.question.result.result_type == null

_finished if input.question.result.result_type == "complete"

_finished if input.question.result.result_type == "task"
