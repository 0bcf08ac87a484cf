# METADATA
# title: Classification outside the purpose
# description: >-
#   The question touches data of a classification that the grant or the registry does not give the purpose.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: purpose.classification_outside
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     Data flows to where it was not meant to go one harmless call at a time; the classes that a purpose needs
#     are known beforehand.
#   remediation: Ask for a grant that has the classification, or ask for less.
#   mapping:
#     owasp_asi: [ASI01]
#     owasp_mcp: [MCP10]
#     maestro: [L2, L6]
#     nist: [AI-RMF-MAP, CSF-PR]
package countersign.rule.purpose.classification_outside

import data.countersign.lib.finding
import data.countersign.lib.grant
import data.countersign.lib.within

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"classifications": finding.bounded(_outside)}) if {
	grant.registered
	not _inside
}

_inside if {
	within.both(
		input.question.data_scope.classifications,
		input.attested.purpose.bounds.classifications,
		input.registry.purpose.classifications,
	)
}

_outside := [value |
	some value in object.get(input, ["question", "data_scope", "classifications"], [])
	not _granted[value]
]

_granted contains value if {
	some value in input.attested.purpose.bounds.classifications
	value in input.registry.purpose.classifications
}
