package countersign.rule.workflow.tainted_send_held_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.workflow.tainted_send_held as rule

_found(params) := {{
	"code": "workflow.tainted_send_held",
	"effect": "hold",
	"severity": "high",
	"waivable": false,
	"hold": "approval",
	"rule": "workflow.tainted_send_held",
	"params": params,
}}

_taint(facets) := [{"facet": facet, "decisions": [concat("_", ["dec", facet])], "inferred": false} |
	some facet in facets
]

_send := json.patch(fixture.tool, [{"op": "add", "path": "registry/capability/effects", "value": ["calls_external"]}])

_after(question, facets) := fixture.changed(question, "verified/workflow/taint", _taint(facets))

_both := ["private_read", "untrusted_seen"]

_causes := ["private_read:dec_private_read", "untrusted_seen:dec_untrusted_seen"]

_held := fixture.changed(_send, "registry/parameters/workflow", {"tainted_send": "hold"})

_demand := {"group": "release-managers", "quorum": 1}

_approved(taint) := {
	"id": "apr_1",
	"status": "approved",
	"group": "release-managers",
	"quorum": 1,
	"assurance": "signed_in",
	"demand": {"group": "release-managers", "quorum": 1},
	"workloads": [],
	"votes": ["vot_1"],
	"expires_at": fixture.tool.now + 60,
	"taint": taint,
}

test_permit_untainted_and_unheld if {
	rule.findings == set() with input as _after(_held, ["private_read"])
	rule.findings == set() with input as _after(_send, _both)
	rule.findings == set() with input as _after(fixture.changed(_held, "question/phase", "result"), _both)
}

test_permit_approved if {
	rule.findings == set() with input as fixture.changed(_after(_held, _both), "attested/approval", _approved(_both))
}

test_hold_both if {
	rule.findings == _found(object.union(_demand, {"taint": _causes})) with input as _after(_held, _both)
}

test_hold_approved_when_less_was_shown if {
	rule.findings == _found(object.union(_demand, {"taint": _causes}))
		with input as fixture.changed(_after(_held, _both), "attested/approval", _approved(["private_read"]))
}

test_hold_missing if {
	rule.findings == _found(object.union(_demand, {"taint": []})) with input as fixture.without(_held, "verified/workflow")
}

test_hold_malformed if {
	rule.findings == _found(object.union(_demand, {"taint": []}))
		with input as fixture.changed(_held, "verified/workflow/taint", "none")
}
