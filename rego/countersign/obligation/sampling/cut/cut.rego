# METADATA
# title: Tokens cut to the grant
# description: >-
#   A server wants more tokens than the grant or the registry gives; the client must give the model no more.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: sampling.cut
#   effect: oblige
#   rationale: What is too much but otherwise in order need not fail; it is cut.
#   remediation: Ask for fewer tokens, or for a grant with more.
#   mapping:
#     owasp_asi: [ASI08]
#     owasp_mcp: [MCP06]
#     maestro: [L1, L3]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.obligation.sampling.cut

import data.countersign.lib.sampling

obligations contains {"id": "sampling.cut", "type": "limit_sampling", "properties": {
	"max_tokens": sampling.maximum_tokens,
	"include_context": input.question.sampling.include_context,
}} if {
	sampling.asked
	sampling.tokens_bounded
	input.question.sampling.max_tokens > sampling.maximum_tokens
}
