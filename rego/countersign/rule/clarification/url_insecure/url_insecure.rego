# METADATA
# title: URL not secure
# description: The URL that a person is sent to is no URL, is not https, or carries user information.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: clarification.url_insecure
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     Without TLS anybody on the way reads what is typed there; `https://bank.example@evil.test` shows one host
#     and leads to another.
#   remediation: Have the server send an https URL without user information.
#   mapping:
#     owasp_asi: [ASI09]
#     owasp_mcp: [MCP01]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.clarification.url_insecure

import data.countersign.lib.clarification
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"reason": _reason}) if {
	clarification.applies
	clarification.url
	not _secure
}

_secure if {
	input.question.elicitation.url.valid == true
	input.question.elicitation.url.scheme == "https"
	input.question.elicitation.url.userinfo == false
}

default _reason := "invalid"

_reason := "scheme" if {
	input.question.elicitation.url.valid == true
	input.question.elicitation.url.scheme != "https"
}

_reason := "userinfo" if {
	input.question.elicitation.url.valid == true
	input.question.elicitation.url.scheme == "https"
}
