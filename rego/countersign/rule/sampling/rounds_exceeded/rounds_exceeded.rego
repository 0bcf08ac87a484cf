# METADATA
# title: Too many rounds of sampling
# description: The workflow has come to a round that the grant or the registry does not give.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: sampling.rounds_exceeded
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: Each turn of a tool loop is a round, and a loop that a server drives ends when somebody ends it.
#   remediation: Finish with what there is, or ask for a grant with more rounds.
#   mapping:
#     owasp_asi: [ASI08]
#     owasp_mcp: [MCP06]
#     maestro: [L1, L3]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.sampling.rounds_exceeded

import data.countersign.lib.finding
import data.countersign.lib.sampling

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"round": object.get(input, ["question", "round"], null)}) if {
	sampling.applies
	sampling.granted
	not _inside
}

_inside if {
	is_number(input.question.round)
	every bound in sampling.bounds {
		is_number(bound.max_rounds)
		input.question.round <= bound.max_rounds
	}
}
