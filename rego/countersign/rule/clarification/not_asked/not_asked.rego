# METADATA
# title: Answer to no question
# description: >-
#   An answer is to a question that was not permitted to this server of this person, or that was answered
#   otherwise before.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: clarification.not_asked
#   severity: critical
#   effect: deny
#   waivable: false
#   rationale: >-
#     What a person says is for the question that was permitted, once: an answer that comes to another
#     question, from another person or instead of a first one is nobody's consent.
#   remediation: >-
#     Ask for a decision on the question first, and send one answer to it; a question may be asked again.
#   mapping:
#     owasp_asi: [ASI09, ASI03]
#     owasp_mcp: [MCP10, MCP07]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.clarification.not_asked

import data.countersign.lib.clarification
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"answered": _answered}) if {
	clarification.answered
	not _asked
}

_asked if input.verified.inputs.asked.answered in {"no", "same"}

_answered := object.get(input, ["verified", "inputs", "asked", "answered"], null)
