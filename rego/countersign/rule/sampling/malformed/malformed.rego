# METADATA
# title: Sampling malformed
# description: A member of the sampling request, or of its answer, has not the shape that MCP gives it.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: sampling.malformed
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     What is judged must be what the client will read: in another shape a message, a tool or a hint may mean
#     another thing.
#   remediation: Have the server send the request, or the client the answer, as MCP has it.
#   mapping:
#     owasp_asi: [ASI01, ASI06]
#     owasp_mcp: [MCP05]
#     maestro: [L1, L3]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.sampling.malformed

import data.countersign.lib.finding
import data.countersign.lib.sampling

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"server": object.get(input, ["question", "server_id"], null)}) if {
	sampling.applies
	not _well_formed
}

_well_formed if input.question.sampling.well_formed == true
