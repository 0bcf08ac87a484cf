# METADATA
# title: Sampling not granted
# description: A server asks for the model of the caller, and the purpose has no sampling.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: sampling.not_granted
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: A server that borrows the model also borrows the authority and the budget of the caller.
#   remediation: Ask for a grant with bounds on sampling, for a purpose that has them.
#   mapping:
#     owasp_asi: [ASI01, ASI08]
#     owasp_mcp: [MCP06]
#     maestro: [L1, L3]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.sampling.not_granted

import data.countersign.lib.finding
import data.countersign.lib.grant
import data.countersign.lib.sampling

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"server": object.get(input, ["question", "server_id"], null)}) if {
	input.question.kind == "sampling"
	grant.registered
	not sampling.granted
}
