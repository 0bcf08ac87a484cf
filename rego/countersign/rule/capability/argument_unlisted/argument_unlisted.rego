# METADATA
# title: Argument not listed
# description: The query gives an argument that the registry does not list for the capability.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: capability.argument_unlisted
#   severity: medium
#   effect: deny
#   waivable: true
#   rationale: >-
#     An argument that nobody reviewed has no bound, and servers often take more than their schema says.
#   remediation: Leave the argument out, or review it and list it in the registry.
#   mapping:
#     owasp_asi: [ASI02]
#     owasp_mcp: [MCP05]
#     maestro: [L3]
#     nist: [AI-RMF-MAP, CSF-PR]
package countersign.rule.capability.argument_unlisted

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"arguments": finding.bounded(_unlisted)}) if {
	input.question.phase == "request"
	input.registry.capability.arguments != "any"
	not _listed
}

_listed if {
	is_object(input.question.arguments)
	is_array(input.registry.capability.arguments)
	every name, _ in input.question.arguments {
		name in input.registry.capability.arguments
	}
}

_unlisted := [name |
	some name, _ in object.get(input, ["question", "arguments"], {})
	not _known(name)
]

_known(name) if name in input.registry.capability.arguments
