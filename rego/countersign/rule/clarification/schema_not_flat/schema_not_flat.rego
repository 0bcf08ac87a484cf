# METADATA
# title: Schema not flat
# description: A form is not a flat object of primitive fields, as MCP restricts it.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: clarification.schema_not_flat
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     Nested and open schemas ask for more than a dialogue can show, and take in more than anyone consented to.
#   remediation: Have the server ask with a flat schema.
#   mapping:
#     owasp_asi: [ASI09]
#     owasp_mcp: [MCP06]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.clarification.schema_not_flat

import data.countersign.lib.clarification
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {}) if {
	clarification.applies
	clarification.form
	not _flat
}

_flat if input.question.elicitation.flat == true
