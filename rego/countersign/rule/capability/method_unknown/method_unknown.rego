# METADATA
# title: Method unknown
# description: MCP has no such method, or not for this kind of capability in this phase.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: capability.method_unknown
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     Every method is decided, those of both eras; one that is not known here would pass through without a rule.
#   remediation: Ask with the method of the wire, and with the kind and phase that belong to it.
#   mapping:
#     owasp_asi: [ASI02]
#     owasp_mcp: [MCP07]
#     maestro: [L3, L4]
#     nist: [AI-RMF-MAP, CSF-PR]
package countersign.rule.capability.method_unknown

import data.countersign.lib.finding
import data.countersign.lib.method

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"method": substring(_method, 0, 128),
	"kind": object.get(input, ["question", "kind"], null),
	"phase": object.get(input, ["question", "phase"], null),
}) if {
	not _known
}

default _method := ""

_method := input.question.method if is_string(input.question.method)

_known if {
	# A call and its result.
	_called(input.question.phase)
	input.question.kind in method.call(input.question.method)
} else if {
	# Notifications have one direction: `request` is towards the server, `result` is from it.
	input.question.phase == "request"
	input.question.kind in method.told(input.question.method)
} else if {
	input.question.phase == "result"
	input.question.kind in method.heard(input.question.method)
} else if {
	# What a server asks for, and the answer: by its own method, or by the call that carries it (MRTR, tasks).
	_put_in(input.question.phase)
	input.question.kind == method.input_kind(input.question.method)
} else if {
	method.carries(input.question.phase, input.question.method)
	input.question.kind in ["sampling", "elicitation", "roots"]
}

_called("request") := true

_called("result") := true

_put_in("input_request") := true

_put_in("input_response") := true
