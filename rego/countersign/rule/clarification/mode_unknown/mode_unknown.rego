# METADATA
# title: Mode unknown
# description: The elicitation is neither a form nor a URL, or what was asked is not known.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: clarification.mode_unknown
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     A mode that is not known here has no rule that would judge what it asks; an answer to a question that is
#     not known may be an answer to anything.
#   remediation: Ask by form or by URL, and send the question along with its answer.
#   mapping:
#     owasp_asi: [ASI09]
#     owasp_mcp: [MCP07]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.clarification.mode_unknown

import data.countersign.lib.clarification
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"mode": object.get(input, ["question", "elicitation", "mode"], null)}) if {
	clarification.applies
	not _known
}

_known if clarification.form

_known if clarification.url
