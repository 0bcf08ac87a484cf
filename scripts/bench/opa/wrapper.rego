# METADATA
# title: Countersign's question, asked of plain OPA
# description: >-
#   Only for the benchmark. Verifies the same four tokens, looks up the same registry, composes the same
#   input and asks the same rules, with as few expressions as we could, since each one costs OPA about a
#   microsecond. The gateway sends the question in the very shape that rules read. What a service can work
#   out when a registry is activated lies worked out in data.bench: constraints of tokens, slices of the
#   registry, the fixed part of data scopes, features of reviewed definitions. The gateway's token travels
#   in the input, since OPA's authorization policy would be a second evaluation; a mask policy that would
#   keep raw tokens out of OPA's log is left out. Tried and slower, as OPA's time for one evaluation:
#   `with input as policy_input` (1.7 times; so the copy of the rules that OPA gets reads
#   data.bench.policy_input where it says input), `opa build -O 1` (9 times), looking data up by object.get
#   (4 times), building the question member by member in Rego (twice).
package bench

default decision := {"effect": "deny", "gap": true}

decision := verdict if {
	# Two statements of one thing must agree.
	input.purpose.code == _grant.purpose.code
	input.purpose.ref == _grant.purpose.ref
	verdict := data.countersign.decision
}

# The gateway: its token, its registration, the scope of the route.
_pep := registration if {
	[valid, header, claims] := io.jwt.decode_verify(input.tokens.pep, data.bench.constraints.pep)
	valid
	header.typ == "at+jwt"
	claims.exp - claims.iat <= 3600
	"pdp.evaluate" in split(claims.scope, " ")
	registration := data.bench.peps[claims.iss][claims.client_id]
}

# An access token is for one MCP server.
_access := claims if {
	constraints := data.bench.constraints.access[input.question.server_id]
	[valid, header, claims] := io.jwt.decode_verify(input.tokens.initiator, constraints)
	valid
	header.typ == "at+jwt"
	claims.exp - claims.iat <= 3600
	not claims.cnf
	not claims.act
}

_svid := claims if {
	[valid, header, claims] := io.jwt.decode_verify(input.tokens.server, data.bench.constraints.svid)
	valid
	header.typ == "JWT"
	claims.exp - claims.iat <= 600
	startswith(claims.sub, data.bench.spiffe_prefix)
}

_grant := claims if {
	[valid, header, claims] := io.jwt.decode_verify(input.tokens.grant, data.bench.constraints.grant)
	valid
	header.typ == "purpose-grant+jwt"
	claims.exp - claims.iat <= 604800
}

# OPA keeps no log that it could ask: a workflow in which nothing has happened.
_workflow := {
	"basis": "inferred",
	"depth": 0,
	"done": [],
	"first_purpose": null,
	"id": "",
	"inherited": [],
	"position": 0,
	"reaches": {"calls": 1, "tokens": 0, "rounds": 0, "units": 0},
	"servers": [],
	"spent": {"calls": 0, "tokens": 0, "rounds": 0, "units": 0},
	"taint": [],
	"unreported": 0,
}

policy_input := {
	"v": 1,
	"now": floor(time.now_ns() / 1000000000),
	"decision_id": "",
	"tenant": _pep.tenant,
	"question": _question,
	"verified": {
		"pep": _pep.pep,
		"initiator": _initiator,
		"server": {
			"grade": "bearer",
			"launch": null,
			"platform": null,
			"spiffe_id": _svid.sub,
			"tls": null,
			"trust_domain": data.bench.trust_domain,
			"expires_at": _svid.exp,
		},
		"workflow": _workflow,
	},
	"attested": {"approval": null, "purpose": _purpose},
	"asserted": input.asserted,
	"registry": object.union_n([
		data.bench.servers[input.question.server_id],
		_capability,
		{
			"purpose": _registered_purpose,
			"agent": _agent,
			"initiator_groups": _memberships,
		},
	]),
}

_question := object.union_n([input.question, _definition, {"data_scope": _data_scope}])

default _capability := {"capability": null, "shadows": []}

_capability := data.bench.capabilities[input.question.server_id][input.question.key]

default _registered_purpose := null

_registered_purpose := data.registry.purposes[_grant.purpose.code]

default _agent := null

_agent := agent if {
	agent := data.registry.agents[_access.client_id]
	agent.iss == _access.iss
}

default _memberships := []

_memberships := data.bench.memberships[_access.iss][_access.sub]

_definition_digest := concat("", ["sha256:", crypto.sha256(concat("", [
	`{"v":"countersign/definition/v1","value":`,
	json.marshal(input.definition),
	"}",
]))])

# A definition that is not among the reviewed ones is taken to hide something.
_definition := reviewed if {
	reviewed := data.bench.reviewed[_definition_digest]
} else := {
	"definition_digest": _definition_digest,
	"definition_hidden_text": true,
	"definition_remote_ref": true,
}

_scope_rules := data.bench.scopes[input.question.server_id][input.question.key]

_data_scope := {
	"classifications": _scope_rules.always.classifications,
	"resources": sort({filled |
		some rule in _scope_rules.resources
		value := object.get(input.question.arguments, rule.path, null)
		filled := replace(rule.template, "{value}", value)
	}),
	"residency": sort({rule.residency |
		some rule in _scope_rules.residency
		startswith(object.get(input.question.arguments, rule.path, null), rule.prefix)
	}),
	"directions": _scope_rules.always.directions,
	"unresolved": sort({rule.unresolved |
		some rule in _scope_rules.required
		object.get(input.question.arguments, rule.path, null) == null
	}),
}

default _initiator_kind := "person"

_initiator_kind := "workload" if _access.sub == _access.client_id

_initiator := {
	"grade": "bearer",
	"iss": _access.iss,
	"sub": _access.sub,
	"kind": _initiator_kind,
	"client_id": _access.client_id,
	"scopes": split(_access.scope, " "),
	"groups": object.get(_access, "groups", []),
	"acr": object.get(_access, "acr", null),
	"auth_time": object.get(_access, "auth_time", null),
	"expires_at": _access.exp,
	"delegation": [],
}

_purpose := {
	"grant_id": _grant.jti,
	"iss": _grant.iss,
	"code": _grant.purpose.code,
	"ref": _grant.purpose.ref,
	"initiator": _grant.initiator,
	"not_before": object.get(_grant, "nbf", _grant.iat),
	"expires_at": _grant.exp,
	"bounds": object.union(_grant.data, {
		"capabilities": _grant.capabilities,
		"sampling": object.get(_grant, "sampling", null),
		"clarification": object.get(_grant, "clarification", false),
	}),
}
