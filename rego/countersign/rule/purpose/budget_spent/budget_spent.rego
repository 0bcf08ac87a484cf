# METADATA
# title: Purpose used up
# description: >-
#   The purpose grant, or one that it was narrowed from, was used as often as it may be.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: purpose.budget_spent
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     A task needs so many calls and no more; a loop or a hijacked agent is stopped by the count alone.
#   remediation: Have another grant issued, or one with a larger budget.
#   mapping:
#     owasp_asi: [ASI01, ASI03]
#     owasp_mcp: [MCP02]
#     maestro: [L3, L6]
#     nist: [AI-RMF-GOVERN, CSF-PR]
package countersign.rule.purpose.budget_spent

import data.countersign.lib.finding
import data.countersign.lib.grant

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"budget": _budget}) if {
	grant.issued
	not _unspent
}

# What goes back or comes after was counted with the call that it belongs to.
_unspent if {
	is_object(input.attested.purpose.left)
	_uncounted(input.question.phase)
}

_unspent if {
	left := input.attested.purpose.left[_budget]
	left == null
}

_unspent if {
	left := input.attested.purpose.left[_budget]
	is_number(left)
	left > 0
}

default _budget := "calls"

_budget := "model_calls" if input.question.phase == "input_request"

_uncounted("result") := true

_uncounted("input_response") := true

_uncounted("input_request") if input.question.kind != "sampling"
