# METADATA
# title: Budget of the workflow exceeded
# description: >-
#   With this question the workflow would spend more than the tenant or its purpose lets one workflow spend.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: workflow.budget_exceeded
#   severity: high
#   effect: deny
#   waivable: true
#   rationale: >-
#     A loop that nobody watches ends when its budget ends, and not before.
#   remediation: Finish with what there is, or have the budget raised.
#   mapping:
#     owasp_asi: [ASI08, ASI02]
#     owasp_mcp: [MCP06]
#     maestro: [L3, L5]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.workflow.budget_exceeded

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"budgets": sort(_exceeded)}) if count(_exceeded) > 0

_exceeded contains name if {
	some budgets in _bounds
	some name, most in budgets
	not _inside(name, most)
}

# One that is no object bounds nothing, so that nothing is inside it.
_exceeded contains "malformed" if {
	some budgets in _bounds
	not is_object(budgets)
}

_bounds contains input.registry.parameters.workflow.budgets

_bounds contains input.registry.purpose.budgets

_inside(name, most) if {
	is_number(most)
	reached := input.verified.workflow.reaches[name]
	is_number(reached)
	reached <= most
}

# What it does not spend it need not have.
_inside(name, _) if {
	is_number(input.verified.workflow.spent[name])
	input.verified.workflow.spent[name] == input.verified.workflow.reaches[name]
}

_inside("depth", most) if {
	is_number(most)
	is_number(input.verified.workflow.depth)
	input.verified.workflow.depth <= most
}

_inside("servers", most) if {
	is_number(most)
	is_array(input.verified.workflow.servers)
	is_string(input.question.server_id)
	used := {server | some server in input.verified.workflow.servers}
	count(used | {input.question.server_id}) <= most
}
