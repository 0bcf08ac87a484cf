package countersign.rule.supply.review_overdue_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.supply.review_overdue as rule

_found("pep", review_by) := object.union(_anybodys("pep", review_by), {"observable": false})

_found(entry, review_by) := _anybodys(entry, review_by) if entry != "pep"

_anybodys(entry, review_by) := {
	"code": "supply.review_overdue",
	"effect": "deny",
	"severity": "high",
	"waivable": true,
	"hold": null,
	"rule": "supply.review_overdue",
	"params": {
		"entry": entry,
		"name": _names[entry],
		"owner": "platform-team",
		"review_by": review_by,
	},
}

_names := {
	"pep": "dev-gateway",
	"server": "ops",
	"agent": "https://agent.dev.countersign.test/client.json",
	"purpose": "incident.restore",
}

_places := {
	"pep": "verified/pep",
	"server": "registry/server",
	"agent": "registry/agent",
	"purpose": "registry/purpose",
}

_now := fixture.tool.now

_grace := fixture.tool.registry.parameters.review_grace_seconds

_late := (_now - _grace) - 1

_dated(entry, review_by) := fixture.changed(fixture.tool, concat("/", [_places[entry], "review_by"]), review_by)

test_permit_current if {
	every question in [fixture.tool, fixture.tool_result, fixture.prompt, fixture.sampling_request] {
		rule.findings == set() with input as question
	}
}

test_permit_within_grace if {
	every entry, _ in _places {
		rule.findings == set() with input as _dated(entry, _now - 1)
		rule.findings == set() with input as _dated(entry, _now - _grace)
	}
}

test_deny_past_grace if {
	every entry, _ in _places {
		rule.findings == {_found(entry, _late)} with input as _dated(entry, _late)
	}
}

test_deny_at_once_without_grace if {
	every entry, _ in _places {
		every grace in [null, "604800", -1, 0, {}] {
			rule.findings == {_found(entry, _now - 1)} with input as fixture.changed(
				_dated(entry, _now - 1),
				"registry/parameters/review_grace_seconds",
				grace,
			)
		}
		rule.findings == {_found(entry, _now - 1)} with input as fixture.without(
			_dated(entry, _now - 1),
			"registry/parameters/review_grace_seconds",
		)
	}
}

test_deny_several if {
	asked := fixture.changed(_dated("server", 0), "verified/pep/review_by", 1)
	rule.findings == {_found("server", 0), _found("pep", 1)} with input as asked
}

test_deny_missing if {
	every entry, place in _places {
		rule.findings == {_found(entry, null)}
			with input as fixture.without(fixture.tool, concat("/", [place, "review_by"]))
	}
}

test_deny_malformed if {
	every entry, _ in _places {
		every review_by in [null, "4102444800", [4102444800], true, {}] {
			rule.findings == {_found(entry, review_by)} with input as _dated(entry, review_by)
		}
	}
	every now in [null, "1795000000", {}] {
		count(rule.findings) == 4 with input as fixture.changed(fixture.tool, "now", now)
	}
}

test_permit_unregistered_is_another_finding if {
	every entry in ["server", "agent", "purpose"] {
		every value in [null, 7] {
			rule.findings == set() with input as fixture.changed(fixture.tool, _places[entry], value)
		}
		rule.findings == set() with input as fixture.without(fixture.tool, _places[entry])
	}
}
