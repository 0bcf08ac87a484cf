# METADATA
# title: URL host not listed
# description: The host that a person is sent to is not among those that the registry lists for the server.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: clarification.url_unlisted
#   severity: high
#   effect: deny
#   waivable: true
#   rationale: >-
#     A page that a person is sent to by a trusted client borrows its trust; only hosts of the owner of the
#     server may have it.
#   remediation: List the host in elicitation_hosts of the server.
#   mapping:
#     owasp_asi: [ASI09, ASI04]
#     owasp_mcp: [MCP01]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.clarification.url_unlisted

import data.countersign.lib.clarification
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {
	"host": object.get(input, ["question", "elicitation", "url", "host"], null),
	"port": object.get(input, ["question", "elicitation", "url", "port"], null),
}) if {
	clarification.applies
	clarification.url
	not _listed
}

_listed if {
	is_array(input.registry.server.elicitation_hosts)
	input.question.elicitation.url.host != ""
	_place in input.registry.server.elicitation_hosts
}

# A host of the list means its https port; another port is listed as `host:port`.
_place := input.question.elicitation.url.host if input.question.elicitation.url.port == ""

_place := input.question.elicitation.url.host if input.question.elicitation.url.port == "443"

_place := concat(":", [input.question.elicitation.url.host, input.question.elicitation.url.port]) if {
	input.question.elicitation.url.port != ""
	input.question.elicitation.url.port != "443"
}
