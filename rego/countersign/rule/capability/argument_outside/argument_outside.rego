# METADATA
# title: Argument outside its bounds
# description: An argument breaks a bound that the registry sets for it.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: capability.argument_outside
#   severity: high
#   effect: deny
#   waivable: true
#   rationale: >-
#     A tool that is safe on one value may not be on another. The bounds are data that the owner of the server
#     writes, and hold whatever the model was told.
#   remediation: Ask with arguments inside the bounds, or have the bounds changed in the registry.
#   mapping:
#     owasp_asi: [ASI02, ASI05]
#     owasp_mcp: [MCP05]
#     maestro: [L3]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.capability.argument_outside

import data.countersign.lib.argument
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"arguments": _broken}) if {
	input.question.phase == "request"
	input.registry.capability.bounds != []
	not _kept
}

_kept if {
	is_array(input.registry.capability.bounds)
	every bound in input.registry.capability.bounds {
		argument.kept(input.question.arguments, bound)
	}
}

# Where and which bound, never the value.
_broken := [{"path": object.get(bound, "path", []), "bounds": argument.broken(arguments, bound)} |
	arguments := object.get(input, ["question", "arguments"], null)
	some i, bound in input.registry.capability.bounds
	i < 16
	not argument.kept(arguments, bound)
]
