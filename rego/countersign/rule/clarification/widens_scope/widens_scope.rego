# METADATA
# title: Answer that widens the scope
# description: A form asks for, or an answer supplies, an argument that changes the effect of what was decided.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: clarification.widens_scope
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     What was permitted, or approved by a person, was the call with its arguments. A later answer that changes
#     what it does would pass under that consent.
#   remediation: >-
#     Take the argument from the call itself, so that it is decided; the registry lists such fields as
#     scope_bearing.
#   mapping:
#     owasp_asi: [ASI09, ASI02]
#     owasp_mcp: [MCP06]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.clarification.widens_scope

import data.countersign.lib.clarification
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"fields": finding.bounded(_bearing)}) if {
	clarification.applies
	not _narrow
}

_narrow if {
	_no_bearing
	_readable
}

_no_bearing if object.get(input, ["registry", "capability", "scope_bearing"], []) == []

_no_bearing if {
	is_array(input.registry.capability.scope_bearing)
	every bearing in input.registry.capability.scope_bearing {
		is_string(bearing)
	}
	count(_bearing) == 0
}

_readable if {
	is_array(input.question.elicitation.fields)
	every field in input.question.elicitation.fields {
		is_string(field.name)
	}
	_answered_readable
}

_answered_readable if input.question.elicitation.answered == null

_answered_readable if {
	is_array(input.question.elicitation.answered)
	every name in input.question.elicitation.answered {
		is_string(name)
	}
}

_bearing := [name |
	some name in _names
	some bearing in input.registry.capability.scope_bearing
	lower(name) == lower(bearing)
]

_names contains field.name if some field in input.question.elicitation.fields

_names contains name if some name in input.question.elicitation.answered
