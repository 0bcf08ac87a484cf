# METADATA
# title: Recently refused
# description: >-
#   A person has refused the like not long ago: the same capability for the same initiator and purpose, with whatever
#   arguments. For how long that stands is data (`refusal_seconds`).
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: capability.recently_refused
#   severity: high
#   effect: deny
#   observable: false
#   rationale: >-
#     A refusal that a changed word gets around is none: whoever asks again and again is one day given what was refused.
#   remediation: Talk with whoever refused, or wait until the refusal has run out.
#   mapping:
#     owasp_asi: [ASI09]
#     owasp_mcp: [MCP02]
#     maestro: [L3, L6]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.capability.recently_refused

import data.countersign.lib.approval
import data.countersign.lib.capability
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"approval": _id, "stands_until": _until}) if {
	not _free
	not approval.covers(capability.approvers)
}

# What does not say that nobody refused, or when, is taken for a refusal.
_free if input.attested.refusal == null

# Where data says nothing of the like, it is only of the very action.
_free if {
	is_number(input.attested.refusal.at)
	not input.registry.parameters.refusal_seconds
}

_free if {
	is_number(_until)
	_until <= input.now
}

default _until := null

_until := input.attested.refusal.at + input.registry.parameters.refusal_seconds

default _id := null

_id := input.attested.refusal.approval_id
