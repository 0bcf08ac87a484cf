# METADATA
# title: Model output for no request
# description: >-
#   What a model wrote goes back for a request that was not permitted to this server of this caller, or
#   that was answered otherwise before.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: sampling.not_asked
#   severity: critical
#   effect: deny
#   waivable: false
#   rationale: >-
#     A model's time is lent for the request that was permitted, once; output without it was bounded by
#     nothing.
#   remediation: >-
#     Ask for a decision on the sampling request first, and send one answer to it; a request may be made
#     again.
#   mapping:
#     owasp_asi: [ASI01, ASI08]
#     owasp_mcp: [MCP06]
#     maestro: [L1, L3]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.sampling.not_asked

import data.countersign.lib.finding
import data.countersign.lib.sampling

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"answered": _answered}) if {
	sampling.answered
	not _asked
}

_asked if input.verified.inputs.asked.answered in {"no", "same"}

_answered := object.get(input, ["verified", "inputs", "asked", "answered"], null)
