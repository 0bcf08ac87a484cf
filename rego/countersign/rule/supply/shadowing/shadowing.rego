# METADATA
# title: Name of another server
# description: Another server serves a capability of the same name, and the two were not reviewed together.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: supply.shadowing
#   severity: high
#   effect: deny
#   waivable: true
#   rationale: >-
#     A model chooses by name. A server that takes the name of another gets the calls, the arguments and the
#     consent that were meant for it.
#   remediation: Rename one of the two, or review them together and list the other in shadows_reviewed.
#   mapping:
#     owasp_asi: [ASI02, ASI04]
#     owasp_mcp: [MCP03, MCP09]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MAP, CSF-DE]
package countersign.rule.supply.shadowing

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"capability": object.get(input, ["question", "key"], null),
	"servers": finding.bounded(object.get(input, ["registry", "shadows"], [])),
}) if {
	not input.registry.shadows == []
}
