# METADATA
# title: Result that may not be released
# description: The result is of a classification that may not reach the model of the caller.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: data.result_not_releasable
#   severity: high
#   effect: deny
#   waivable: true
#   rationale: What a result brings into the context of a model may leave by any later call.
#   remediation: Ask for less, or have the classification made releasable for results.
#   mapping:
#     owasp_asi: [ASI06]
#     owasp_mcp: [MCP10]
#     maestro: [L2, L6]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.data.result_not_releasable

import data.countersign.lib.finding
import data.countersign.lib.within

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"classifications": finding.bounded(_outside)}) if {
	input.question.phase == "result"
	not _releasable
}

_releasable if within.all_in(
	input.question.data_scope.classifications,
	input.registry.parameters.releasable.result,
)

_outside := within.outside(
	object.get(input, ["question", "data_scope", "classifications"], []),
	object.get(input, ["registry", "parameters", "releasable", "result"], null),
)
