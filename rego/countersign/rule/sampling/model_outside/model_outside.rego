# METADATA
# title: Model outside
# description: A server hints at a model, or a model has answered, that the grant or the registry does not list.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: sampling.model_outside
#   severity: medium
#   effect: deny
#   waivable: true
#   rationale: Another model has another price, another provider and another place where the data goes.
#   remediation: Hint at a model that is listed, or have the model added to purpose and grant.
#   mapping:
#     owasp_asi: [ASI04, ASI08]
#     owasp_mcp: [MCP04]
#     maestro: [L1, L3]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.sampling.model_outside

import data.countersign.lib.finding
import data.countersign.lib.sampling
import data.countersign.lib.within

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"models": finding.bounded(_outside)}) if {
	sampling.applies
	sampling.granted
	not _inside
}

_inside if {
	sampling.asked
	is_array(input.question.sampling.models)
	every model in input.question.sampling.models {
		_listed(model)
	}
}

_inside if {
	sampling.answered
	_listed(input.question.sampling.answered_model)
}

# A model is listed by its name, or by a prefix that ends in `*`.
_listed(model) if {
	every bound in sampling.bounds {
		within.matches_any(bound.models, model)
	}
}

_outside := [model |
	some model in array.concat(_hints, [object.get(input, ["question", "sampling", "answered_model"], null)])
	not _listed(model)
]

default _hints := []

_hints := input.question.sampling.models if is_array(input.question.sampling.models)
