# METADATA
# title: Inline tool named like a governed one
# description: A server gives the model a tool of its own under the name of a governed capability.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: sampling.tool_collision
#   severity: critical
#   effect: deny
#   waivable: false
#   rationale: >-
#     Tools of a sampling request need not be registered. One that is named like a governed tool makes the model
#     call the server where it means to call the governed tool.
#   remediation: Have the server rename its tool.
#   mapping:
#     owasp_asi: [ASI02, ASI04]
#     owasp_mcp: [MCP03]
#     maestro: [L1, L3]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.sampling.tool_collision

import data.countersign.lib.finding
import data.countersign.lib.sampling

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"tools": finding.bounded(object.get(input, ["registry", "governed_tool_names"], [])),
}) if {
	sampling.applies
	not _distinct
}

_distinct if {
	input.registry.governed_tool_names == []
	is_array(input.question.sampling.tools)
}
