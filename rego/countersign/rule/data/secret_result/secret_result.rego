# METADATA
# title: Result with secrets
# description: The capability reads secrets, so that a person decides whether its result is released.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: data.secret_result
#   severity: high
#   effect: hold
#   hold: approval
#   waivable: true
#   rationale: >-
#     A secret in the context of a model is a secret of every tool that the model may call; hints of the server
#     say nothing of it.
#   remediation: Have the release approved, or let the server use the secret itself.
#   mapping:
#     owasp_asi: [ASI03, ASI06]
#     owasp_mcp: [MCP01]
#     maestro: [L2, L6]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.data.secret_result

import data.countersign.lib.approval
import data.countersign.lib.capability
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, capability.approvers) if {
	input.question.phase == "result"
	capability.known
	not _harmless
	not approval.covers(capability.approvers)
}

_harmless if {
	effects := input.registry.capability.effects
	is_array(effects)
	not "reads_secrets" in effects
}
