# METADATA
# title: Wider than what it came from
# description: >-
#   The call comes from another call whose purpose grant does not cover it.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: workflow.grant_wider
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     A server that calls another must not get more through it than whoever called it first was given.
#   remediation: Ask the first time for a grant that covers what follows.
#   mapping:
#     owasp_asi: [ASI03, ASI02]
#     owasp_mcp: [MCP02, MCP07]
#     maestro: [L3, L6]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.workflow.grant_wider

import data.countersign.lib.finding
import data.countersign.lib.within

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"from": finding.bounded(_from)}) if not _narrow

_narrow if {
	is_array(input.verified.workflow.inherited)
	every call in input.verified.workflow.inherited {
		_covers(call.bounds)
	}
}

_covers(bounds) if {
	_lists(bounds.capabilities)
	within.all_in(input.question.data_scope.classifications, bounds.classifications)
	within.all_in(input.question.data_scope.directions, bounds.directions)
	within.all_in(input.question.data_scope.residency, bounds.residency)
	_reaches(bounds.resources)
}

_lists(patterns) if {
	is_array(patterns)
	some pattern in patterns
	pattern in _names
}

# What a grant may call it.
_names := {
	concat("/", [input.question.server_id, "*"]),
	concat("/", [input.question.server_id, input.question.key]),
	concat("", [input.question.server_id, "/", input.question.kind, ":*"]),
}

_reaches([]) := true

_reaches(prefixes) if {
	is_array(prefixes)
	is_array(input.question.data_scope.resources)
	every resource in input.question.data_scope.resources {
		_under(resource, prefixes)
	}
}

_under(resource, prefixes) if {
	some prefix in prefixes
	within.under(resource, prefix)
}

_from := [call.decision_id |
	some call in input.verified.workflow.inherited
	not _covers(call.bounds)
]
