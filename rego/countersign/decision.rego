# METADATA
# title: Countersign
# description: >-
#   Asks every rule and combines what they say. Deny beats hold beats permit, a permit needs a ground, and
#   whatever is not exactly a hold denies.
# schemas:
#   - input: schema["policy-input"]
package countersign

import data.countersign.lib.hold
import data.countersign.lib.waiver

# METADATA
# title: Decision
# description: The value that the service asks for. It is defined for any input at all.
# entrypoint: true
decision := _answer if _effect != "hold"

decision := object.union(_answer, {"hold": _demand}) if _effect == "hold"

_answer := {
	"effect": _effect,
	"findings": _findings,
	"grounds": _grounds,
	"obligations": _obligations,
	"valid_seconds": _valid_seconds,
}

default _effect := "deny"

_effect := "permit" if {
	_standing == []
	_grounds != []
}

_effect := "hold" if {
	_standing != []
	_grounds != []
	every finding in _standing {
		finding.effect == "hold"
	}
	_demand
}

# Areas are asked by name, because WebAssembly has no rule index that would leave out what cannot apply.
_raised contains finding if {
	not _issuing
	some finding in data.countersign.rule.identity[_].findings
}

_raised contains finding if {
	not _issuing
	some finding in data.countersign.rule.supply[_].findings
}

_raised contains finding if {
	not _issuing
	some finding in data.countersign.rule.purpose[_].findings
}

_raised contains finding if {
	not _issuing
	some finding in data.countersign.rule.capability[_].findings
}

_raised contains finding if {
	not _issuing
	some finding in data.countersign.rule.workflow[_].findings
}

_raised contains finding if {
	not input.question.phase == "request"
	some finding in data.countersign.rule.data[_].findings
}

_raised contains finding if {
	not _plain_call
	some finding in data.countersign.rule.sampling[_].findings
}

_raised contains finding if {
	not _plain_call
	some finding in data.countersign.rule.clarification[_].findings
}

# A purpose grant that is asked of the tenant itself: no server, and no grant yet.
_raised contains finding if {
	_issuing
	some finding in data.countersign.rule.issue[_].findings
}

# The rules of whoever uses this pack: the one area that has none of the pack's. They can only speak against.
# regal ignore:unresolved-reference
_raised contains finding if some finding in data.countersign.rule.team[_].findings

default _issuing := false

_issuing if {
	input.question.kind == "grant"
	input.question.phase == "request"
}

# A call or its result, of a kind that the method table knows: nothing is asked of the caller's side.
_plain_call if {
	_called(input.question.phase)
	_plain(input.question.kind)
}

_called("request") := true

_called("result") := true

_plain("tool") := true

_plain("resource") := true

_plain("prompt") := true

_plain("list") := true

_plain("discover") := true

_plain("task") := true

_plain("stream") := true

_plain("completion") := true

_plain("grant") := true

_grounds := [ground | some ground in data.countersign.ground[_][_].grounds]

# A finding that is waived stays among the findings, and has no effect.
_standing := [finding |
	some finding in _raised
	not waiver.of(finding)
]

_findings := [_stated(finding) | some finding in _raised] if _raised != set()

_findings := [] if {
	_raised == set()
	_grounds != []
}

# No rule speaks against it, and none for it.
_findings := [{
	"code": "decision.no_ground",
	"effect": "deny",
	"severity": "high",
	"rule": "decision",
	"params": {},
}] if {
	_raised == set()
	_grounds == []
}

_stated(finding) := object.union(_public(finding), {"waived_by": waiver.of(finding)})

_stated(finding) := _public(finding) if not waiver.of(finding)

_public(finding) := object.filter(finding, ["code", "effect", "severity", "rule", "params", "observable"])

# What must be done with a permit. The service asks for it with a permit that is only observed, too, and for
# nothing with a denial or a hold.
_obligations := [obligation | some obligation in data.countersign.obligation[_][_].obligations]

_demand := hold.demand(_standing)

default _valid_seconds := 1

_valid_seconds := seconds if {
	seconds := input.registry.parameters.valid_seconds
	is_number(seconds)
	seconds == floor(seconds)
	seconds >= 1
	seconds <= 3600
}
