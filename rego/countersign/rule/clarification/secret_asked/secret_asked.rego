# METADATA
# title: Secret asked by form
# description: A form asks for a password, a key, a token, a code or payment data.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: clarification.secret_asked
#   severity: critical
#   effect: deny
#   waivable: false
#   rationale: >-
#     What is typed into a form passes through the client and its model. Servers must use a URL for secrets
#     (MCP, client/elicitation), and one that does not is careless or is fishing.
#   remediation: Ask by URL mode, on a page of the server, or leave the secret out.
#   mapping:
#     owasp_asi: [ASI09, ASI03]
#     owasp_mcp: [MCP01]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.clarification.secret_asked

import data.countersign.lib.clarification
import data.countersign.lib.finding
import data.countersign.lib.secret_words

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"asked": array.slice(_asked, 0, 16)}) if {
	clarification.applies
	clarification.form
	not _harmless
}

_harmless if {
	_judged
	count(_asked) == 0
}

# Every text was folded, so that the words could be looked for in it.
_judged if {
	is_array(input.question.elicitation.fields)
	is_array(input.question.elicitation.texts)
	every text in input.question.elicitation.texts {
		is_string(text.folded)
	}
}

_asked := array.concat(
	[{"where": substring(text.where, 0, 128), "word": word} |
		some text in input.question.elicitation.texts
		some word in secret_words.found(text.folded)
	],
	[{"where": substring(field.name, 0, 128), "word": "format"} |
		some field in input.question.elicitation.fields
		field.format == "password"
	],
)
