# METADATA
# title: Clarification not granted
# description: A server asks a person something, and the purpose grant has no clarification.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: clarification.not_granted
#   severity: medium
#   effect: deny
#   waivable: false
#   rationale: Attention is spent with every question; a task that needs none should not be able to ask.
#   remediation: Ask for a grant with clarification.
#   mapping:
#     owasp_asi: [ASI09]
#     owasp_mcp: [MCP06]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.clarification.not_granted

import data.countersign.lib.finding
import data.countersign.lib.grant

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"server": object.get(input, ["question", "server_id"], null)}) if {
	input.question.kind == "elicitation"
	grant.issued
	not _granted
}

_granted if input.attested.purpose.bounds.clarification == true
