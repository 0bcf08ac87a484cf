# METADATA
# title: Delegation too deep
# description: More actors stand between the initiator and the call than the tenant allows.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: identity.delegation_too_deep
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     Each hop of delegation blurs who meant what; beyond a few, nobody can say whose authority is used.
#   remediation: Shorten the chain of token exchanges, or raise max_delegation_depth after a review.
#   mapping:
#     owasp_asi: [ASI03, ASI08]
#     owasp_mcp: [MCP02]
#     maestro: [L3, L7]
#     nist: [AI-RMF-GOVERN, CSF-PR]
package countersign.rule.identity.delegation_too_deep

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"depth": _depth,
	"maximum": object.get(input, ["registry", "parameters", "max_delegation_depth"], null),
}) if {
	not _within
}

_within if {
	maximum := input.registry.parameters.max_delegation_depth
	is_number(maximum)
	is_array(input.verified.initiator.delegation)
	count(input.verified.initiator.delegation) <= maximum
}

default _depth := null

_depth := count(input.verified.initiator.delegation) if is_array(input.verified.initiator.delegation)
