# METADATA
# title: Out of order
# description: >-
#   Something that the registry wants executed in the same workflow before was not, or too long ago.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: workflow.order
#   severity: high
#   effect: deny
#   waivable: true
#   rationale: >-
#     A step that makes the next one safe only does so when it was really taken, which a gateway reported
#     and the log shows.
#   remediation: Do first what is named, report its outcome, and ask again with the same workflow id.
#   mapping:
#     owasp_asi: [ASI02, ASI08]
#     owasp_mcp: [MCP02]
#     maestro: [L3, L6]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.workflow.order

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"after": sort(_missing)}) if {
	not input.question.phase == "result"
	count(_missing) > 0
}

_missing contains concat("/", [_server_of(rule), rule.capability]) if {
	some rule in input.registry.capability.after
	not _done(rule)
}

# What is no list of rules asks for something that cannot be done.
_missing contains "malformed" if {
	after := input.registry.capability.after
	not _rules(after)
}

_rules(after) if {
	is_array(after)
	every rule in after {
		is_string(rule.capability)
	}
}

_done(rule) if {
	some call in input.verified.workflow.done
	call.key == rule.capability
	call.server == _server_of(rule)
	_recent(call, object.get(rule, "within_seconds", null))
}

_recent(_, null) := true

_recent(call, seconds) if {
	is_number(seconds)
	input.now <= call.at + seconds
}

_server_of(rule) := object.get(rule, "server", object.get(input, ["question", "server_id"], ""))
