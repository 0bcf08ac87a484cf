# METADATA
# title: URL that looks like another
# description: >-
#   The host that a person is sent to has letters outside ASCII, which may look like those of another.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: clarification.url_look_alike
#   severity: high
#   effect: deny
#   waivable: true
#   rationale: A letter of another script reads as the host that a person knows, and leads elsewhere.
#   remediation: Have the server send the host in plain ASCII letters.
#   mapping:
#     owasp_asi: [ASI09]
#     owasp_mcp: [MCP01]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.clarification.url_look_alike

import data.countersign.lib.clarification
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"host": object.get(input, ["question", "elicitation", "url", "host"], null),
}) if {
	clarification.applies
	clarification.url
	not _plain
}

_plain if input.question.elicitation.url.look_alike == false
