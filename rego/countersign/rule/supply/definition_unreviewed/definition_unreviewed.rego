# METADATA
# title: Definition never reviewed
# description: >-
#   The definition of the tool or prompt was never reviewed, or the query does not say which definition was
#   served.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: supply.definition_unreviewed
#   severity: high
#   effect: hold
#   hold: review
#   waivable: true
#   rationale: >-
#     Instructions hide in descriptions and schemas. What nobody has read is not safe because nothing is known
#     against it, and a new name has no baseline to drift from.
#   remediation: >-
#     Have the definition reviewed and its digest pinned in the registry; send the definition as served with the
#     query.
#   mapping:
#     owasp_asi: [ASI04, ASI01]
#     owasp_mcp: [MCP03, MCP04]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MAP, CSF-ID]
package countersign.rule.supply.definition_unreviewed

import data.countersign.lib.capability
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"definition_digest": object.get(input, ["question", "definition_digest"], null),
	"pinned": _pinned,
}) if {
	_has_definition(input.question.kind)
	_expected(input.question.phase)
	capability.known
	not _reviewed
}

_has_definition("tool") := true

_has_definition("prompt") := true

_expected("request") := true

_expected("result") := true

_reviewed if {
	is_string(input.question.definition_digest)
	startswith(input.registry.capability.definition_digest, "sha256:")
} else if {
	# What was decided at the request need not be shown again with its result.
	_pinned
	input.question.phase == "result"
	input.question.definition_digest == null
}

default _pinned := false

_pinned if startswith(input.registry.capability.definition_digest, "sha256:")
