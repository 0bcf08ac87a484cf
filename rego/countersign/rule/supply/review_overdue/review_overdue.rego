# METADATA
# title: Review overdue
# description: >-
#   The server, the agent, the gateway or the purpose was to be reviewed by a date that has passed, and so has the
#   grace that the tenant gives. Of a gateway it is never only observed:
#   everything that it says of others rests on it.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: supply.review_overdue
#   severity: high
#   effect: deny
#   waivable: true
#   rationale: >-
#     What nobody looks at again outlives its owner, its reason and its safety. A date in the data makes sure that
#     somebody does, and the grace that nobody is surprised.
#   remediation: >-
#     Have the owner review the entry and move its review_by; `countersign access review` lists what is due.
#   mapping:
#     owasp_asi: [ASI03, ASI04]
#     owasp_mcp: [MCP02, MCP09]
#     maestro: [L6, L7]
#     nist: [AI-RMF-GOVERN, CSF-GV]
package countersign.rule.supply.review_overdue

import data.countersign.lib.finding
import data.countersign.lib.review

_chain := rego.metadata.chain()

findings contains finding.new(_chain, _params(entry)) if {
	some entry in _overdue
	entry != "pep"
}

# A gateway whose owner no longer answers for it is not one whose word an observed permit may go out on.
findings contains object.union(finding.new(_chain, _params("pep")), {"observable": false}) if "pep" in _overdue

_params(entry) := {
	"entry": entry,
	"name": object.get(input, _names[entry], null),
	"owner": object.get(input, array.concat(_places[entry], ["owner"]), null),
	"review_by": object.get(input, array.concat(_places[entry], ["review_by"]), null),
}

_overdue contains "pep" if not _pep_is_current

# What is not registered at all has findings of its own.
_overdue contains "server" if {
	is_object(input.registry.server)
	not _server_is_current
}

_overdue contains "agent" if {
	is_object(input.registry.agent)
	not _agent_is_current
}

_overdue contains "purpose" if {
	is_object(input.registry.purpose)
	not _purpose_is_current
}

_pep_is_current if review.current(input.verified.pep.review_by)

_server_is_current if review.current(input.registry.server.review_by)

_agent_is_current if review.current(input.registry.agent.review_by)

_purpose_is_current if review.current(input.registry.purpose.review_by)

_names := {
	"pep": ["verified", "pep", "id"],
	"server": ["question", "server_id"],
	"agent": ["verified", "initiator", "client_id"],
	"purpose": ["attested", "purpose", "code"],
}

_places := {
	"pep": ["verified", "pep"],
	"server": ["registry", "server"],
	"agent": ["registry", "agent"],
	"purpose": ["registry", "purpose"],
}
