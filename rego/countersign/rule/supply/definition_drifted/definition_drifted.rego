# METADATA
# title: Definition drifted
# description: The definition as served is not the one that was reviewed.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: supply.definition_drifted
#   severity: high
#   effect: hold
#   hold: review
#   waivable: true
#   rationale: >-
#     A server may show a harmless definition until it is trusted, and then another. The digest is over the
#     whole object as served, so that nothing in it changes unseen.
#   remediation: >-
#     Compare the served definition with the reviewed one; pin the new digest, or take the server out.
#   mapping:
#     owasp_asi: [ASI04]
#     owasp_mcp: [MCP03, MCP04]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MEASURE, CSF-DE]
package countersign.rule.supply.definition_drifted

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"definition_digest": input.question.definition_digest,
	"pinned_digest": pinned,
}) if {
	_has_definition(input.question.kind)
	input.question.definition_digest != null
	pinned := input.registry.capability.definition_digest
	not input.question.definition_digest == pinned
}

_has_definition("tool") := true

_has_definition("prompt") := true

_has_definition("resource") := true
