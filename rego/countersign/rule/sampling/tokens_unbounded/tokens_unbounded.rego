# METADATA
# title: Tokens unbounded
# description: A server does not say how many tokens it wants, or there is no bound that would cut them.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: sampling.tokens_unbounded
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: Tokens are the money and the time of the caller; a request without a bound has no end.
#   remediation: Ask with a maxTokens above zero.
#   mapping:
#     owasp_asi: [ASI08]
#     owasp_mcp: [MCP06]
#     maestro: [L1, L3]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.sampling.tokens_unbounded

import data.countersign.lib.finding
import data.countersign.lib.sampling

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"max_tokens": object.get(input, ["question", "sampling", "max_tokens"], null),
}) if {
	sampling.asked
	sampling.granted
	not sampling.tokens_bounded
}
