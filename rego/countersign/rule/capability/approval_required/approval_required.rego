# METADATA
# title: Approval required
# description: The capability is privileged or irreversible, so that a person must approve the very call.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: capability.approval_required
#   severity: medium
#   effect: hold
#   hold: approval
#   waivable: true
#   rationale: >-
#     What cannot be taken back is not left to a model that may have been led; an answer inside MCP is the word
#     of a client and never an approval.
#   remediation: Have the call approved by the group that is named, or use a capability with lesser effects.
#   mapping:
#     owasp_asi: [ASI09, ASI02]
#     owasp_mcp: [MCP02]
#     maestro: [L3, L6]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.capability.approval_required

import data.countersign.lib.approval
import data.countersign.lib.capability
import data.countersign.lib.dial
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, object.union(capability.approvers, {"facets": _facets})) if {
	_asks(input.question.phase)
	capability.known
	not _free
	not approval.covers(capability.approvers)
}

_asks("request") := true

_asks("input_request") := true

_free if {
	is_array(input.registry.capability.effects)
	is_array(input.registry.parameters.hold_facets)
	not capability.names_approvers
	count(_facets) == 0
}

_facets := [facet |
	some facet in input.registry.capability.effects
	dial.setting(facet) == "hold"
]
