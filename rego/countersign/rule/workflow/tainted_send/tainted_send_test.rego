package countersign.rule.workflow.tainted_send_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.workflow.tainted_send as rule

_found(params) := {{
	"code": "workflow.tainted_send",
	"effect": "deny",
	"severity": "critical",
	"waivable": false,
	"hold": null,
	"rule": "workflow.tainted_send",
	"params": params,
}}

_taint(facets) := [{"facet": facet, "decisions": [concat("_", ["dec", facet])], "inferred": false} |
	some facet in facets
]

_send := json.patch(fixture.tool, [{"op": "add", "path": "registry/capability/effects", "value": ["calls_external"]}])

_after(question, facets) := fixture.changed(question, "verified/workflow/taint", _taint(facets))

_both := ["private_read", "untrusted_seen"]

_causes := ["private_read:dec_private_read", "untrusted_seen:dec_untrusted_seen"]

test_permit_one_of_the_two if {
	every facets in [[], ["private_read"], ["untrusted_seen"], ["private_read", "sent", "changed"]] {
		rule.findings == set() with input as _after(_send, facets)
	}
}

test_permit_what_stays if {
	rule.findings == set() with input as _after(fixture.tool, _both)
	rule.findings == set() with input as _after(fixture.changed(_send, "question/phase", "result"), _both)
}

test_permit_where_a_person_decides if {
	held := fixture.changed(_send, "registry/parameters/workflow", {"tainted_send": "hold"})
	rule.findings == set() with input as _after(held, _both)
}

test_deny_both if {
	rule.findings == _found({"taint": _causes}) with input as _after(_send, _both)
	out := fixture.changed(fixture.tool, "question/data_scope/directions", ["egress"])
	rule.findings == _found({"taint": _causes}) with input as _after(out, _both)
}

test_deny_without_decisions if {
	nobody := [{"facet": facet, "decisions": [], "inferred": true} | some facet in _both]
	rule.findings == _found({"taint": ["private_read:unknown", "untrusted_seen:unknown"]})
		with input as fixture.changed(_send, "verified/workflow/taint", nobody)
}

test_deny_missing if {
	rule.findings == _found({"taint": []}) with input as fixture.without(_send, "verified/workflow")
	rule.findings == _found({"taint": _causes})
		with input as fixture.without(_after(fixture.tool, _both), "registry/capability/effects")
	rule.findings == _found({"taint": _causes})
		with input as fixture.without(_after(fixture.tool, _both), "question/data_scope/directions")
}

test_deny_malformed if {
	every taint in [null, "x", {"facet": "private_read"}, 7] {
		rule.findings == _found({"taint": []}) with input as fixture.changed(_send, "verified/workflow/taint", taint)
	}
	asked := fixture.changed(_send, "registry/parameters/workflow", {"tainted_send": true})
	rule.findings == _found({"taint": _causes}) with input as _after(asked, _both)
}
