# METADATA
# title: Server says destructive, registry does not
# description: >-
#   The server states that the tool is destructive, and the registry has it neither as modifying nor as
#   irreversible.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: supply.annotation_conflict
#   severity: medium
#   effect: hold
#   hold: review
#   waivable: true
#   rationale: >-
#     A hint of the server is never trusted to loosen; when it says worse than the registry does, the registry
#     may be wrong or the tool has changed.
#   remediation: Review the effects of the capability in the registry.
#   mapping:
#     owasp_asi: [ASI02]
#     owasp_mcp: [MCP03]
#     maestro: [L3]
#     nist: [AI-RMF-MAP, CSF-ID]
package countersign.rule.supply.annotation_conflict

import data.countersign.lib.capability
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"capability": object.get(input, ["question", "key"], null)}) if {
	input.question.kind == "tool"
	input.question.phase == "request"
	input.asserted.annotations.destructive == true
	"destructiveHint" in input.asserted.annotations.stated
	capability.known
	not _foreseen
}

_foreseen if {
	is_array(input.registry.capability.effects)
	some facet in input.registry.capability.effects
	_modifies[facet]
}

_modifies := {"modifies_downstream", "irreversible"}
