# METADATA
# title: List unreadable
# description: A list result has no items that could be judged one by one.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: supply.list_unreadable
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: A list that could not be read shows nothing, rather than everything.
#   remediation: Send the list result as the server gave it.
#   mapping:
#     owasp_asi: [ASI04, ASI02]
#     owasp_mcp: [MCP03, MCP09]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MAP, CSF-DE]
package countersign.rule.supply.list_unreadable

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {}) if {
	input.question.kind == "list"
	input.question.phase == "result"
	not _readable
}

_readable if {
	is_array(input.question.list)
	every item in input.question.list {
		is_string(item.member)
		is_number(item.index)
		is_string(item.kind)
		is_string(item.name)
	}
}
