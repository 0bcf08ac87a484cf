# METADATA
# title: Context wider than granted
# description: A server asks that the client add context which the grant or the registry does not give.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: sampling.context_wider
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     With `allServers` one server reads what the others told the model, past every bound that is set for it.
#   remediation: Ask with includeContext none, or for a grant that has the wider context.
#   mapping:
#     owasp_asi: [ASI06, ASI01]
#     owasp_mcp: [MCP10]
#     maestro: [L1, L3]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.sampling.context_wider

import data.countersign.lib.finding
import data.countersign.lib.sampling

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"include_context": _asked_for}) if {
	sampling.applies
	sampling.granted
	not _inside
}

_inside if input.question.sampling.include_context == "none"

_inside if {
	every bound in sampling.bounds {
		is_array(bound.include_context)
		input.question.sampling.include_context in bound.include_context
	}
}

default _asked_for := "unknown"

_asked_for := substring(input.question.sampling.include_context, 0, 128)
