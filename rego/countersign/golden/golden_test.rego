# METADATA
# title: Golden cases
# description: >-
#   The decisions of test/golden/*.yaml, on the development registry. The same cases run through the
#   WebAssembly that the service loads, in test/golden/golden.test.ts, which composes them likewise.
package countersign.golden_test

import data.countersign.lib.fixture_test as fixture

# One test an area, so that each stays inside the time that `opa test` gives a test.
test_identity[name] if {
	some case in data.golden.cases.identity
	name := case.name
	_holds(case)
}

test_supply[name] if {
	some case in data.golden.cases.supply
	name := case.name
	_holds(case)
}

test_purpose[name] if {
	some case in data.golden.cases.purpose
	name := case.name
	_holds(case)
}

test_capability[name] if {
	some case in data.golden.cases.capability
	name := case.name
	_holds(case)
}

test_sampling[name] if {
	some case in data.golden.cases.sampling
	name := case.name
	_holds(case)
}

test_clarification[name] if {
	some case in data.golden.cases.clarification
	name := case.name
	_holds(case)
}

test_data[name] if {
	some case in data.golden.cases.data
	name := case.name
	_holds(case)
}

test_exception[name] if {
	some case in data.golden.cases.exception
	name := case.name
	_holds(case)
}

test_workflow[name] if {
	some case in data.golden.cases.workflow
	name := case.name
	_holds(case)
}

test_phase[name] if {
	some case in data.golden.cases.phase
	name := case.name
	_holds(case)
}

test_issue[name] if {
	some case in data.golden.cases.issue
	name := case.name
	_holds(case)
}

_holds(case) if {
	# regal ignore:with-outside-test-context
	decision := data.countersign.decision with input as _question(case)
	_answer(decision) == _wanted(case)
}

test_there_are_cases_of_every_area if {
	areas := object.keys(data.golden.cases)
	areas == {
		"identity",
		"supply",
		"purpose",
		"capability",
		"workflow",
		"sampling",
		"clarification",
		"data",
		"exception",
		"phase",
		"issue",
	}
	names := [case.name | some cases in data.golden.cases; some case in cases]
	count(names) >= 60
	count({name | some name in names}) == count(names)
}

_answer(decision) := {
	"effect": decision.effect,
	"codes": {finding.code | some finding in decision.findings},
	"waived": {finding.code |
		some finding in decision.findings
		finding.waived_by
	},
	"obligations": {obligation.id | some obligation in decision.obligations},
	"hold": object.get(decision, ["hold", "kind"], null),
}

_wanted(case) := {
	"effect": case.want.effect,
	"codes": {code | some code in object.get(case.want, "codes", [])},
	"waived": {code | some code in object.get(case.want, "waived", [])},
	"obligations": {id | some id in object.get(case.want, "obligations", [])},
	"hold": object.get(case.want, "hold", null),
}

# The base question, the slice of the development registry that concerns it, then what the case changes.
_question(case) := json.remove(object.union_n([bare, registered, changes]), object.get(case, "without", [])) if {
	base := fixture.of(object.get(case, "on", "tool"))
	bare := json.remove(base, ["registry"])
	changes := object.get(case, "set", {})
	slice := _slice(object.union(base, changes), object.get(case, "key", null))
	registered := {"question": {"definition_digest": _served(base, slice)}, "registry": slice}
}

# By default a definition is served as it was reviewed.
_served(base, slice) := object.get(slice, ["capability", "definition_digest"], base.question.definition_digest) if {
	base.question.definition_digest != null
} else := null

_slice(asked, key) := {
	"server": _server(asked.question.server_id),
	"capability": object.get(
		data.registry.servers,
		[asked.question.server_id, "capabilities", _key(asked, key)],
		null,
	),
	"purpose": object.get(data.registry.purposes, _purpose(asked), null),
	"agent": object.get(data.registry.agents, asked.verified.initiator.client_id, null),
	"initiator_groups": [group |
		some group, members in data.registry.groups
		some member in members
		member == {"iss": asked.verified.initiator.iss, "sub": asked.verified.initiator.sub}
	],
	"issuing": null,
	"shadows": [],
	"governed_tool_names": [],
	"exceptions": data.registry.exceptions,
	"parameters": data.registry.parameters,
}

# Whoever wants a grant names the purpose.
_purpose(asked) := asked.question.name if {
	asked.question.kind == "grant"
} else := object.get(asked, ["attested", "purpose", "code"], "")

_key(asked, null) := asked.question.key

_key(_, key) := key if is_string(key)

_server(id) := {
	"id": id,
	"spiffe_id": object.get(server.workload, "spiffe_id", null),
	"platform": object.get(server.workload, "platform", null),
	"launch": object.get(server.workload, ["launch", "digests"], null),
	"tls": object.get(server.workload, "tls", null),
	"resource": server.resource,
	"owner": server.owner,
	"review_by": server.review_by,
	"elicitation_hosts": object.get(server, "elicitation_hosts", []),
} if {
	server := data.registry.servers[id]
} else := null
