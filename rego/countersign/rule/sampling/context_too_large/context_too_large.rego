# METADATA
# title: Context too large
# description: The messages that a server gives the model are larger than the grant or the registry allows.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: sampling.context_too_large
#   severity: medium
#   effect: deny
#   waivable: true
#   rationale: A long context is where instructions hide, and what the caller pays for.
#   remediation: Ask with fewer messages, or for a grant with a larger max_context_bytes.
#   mapping:
#     owasp_asi: [ASI06, ASI08]
#     owasp_mcp: [MCP10]
#     maestro: [L1, L3]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.sampling.context_too_large

import data.countersign.lib.finding
import data.countersign.lib.sampling

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"context_bytes": object.get(input, ["question", "sampling", "context_bytes"], null),
}) if {
	sampling.applies
	sampling.granted
	not _inside
}

_inside if {
	is_number(input.question.sampling.context_bytes)
	every bound in sampling.bounds {
		_fits(object.get(bound, "max_context_bytes", "any"))
	}
}

_fits("any") := true

_fits(maximum) if {
	is_number(maximum)
	input.question.sampling.context_bytes <= maximum
}
