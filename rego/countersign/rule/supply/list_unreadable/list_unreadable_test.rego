package countersign.rule.supply.list_unreadable_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.supply.list_unreadable as rule

_found(params) := {{
	"code": "supply.list_unreadable",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "supply.list_unreadable",
	"params": params,
}}

test_permit_readable if {
	rule.findings == set() with input as fixture.listing
	rule.findings == set() with input as fixture.changed(fixture.listing, "question/list", [])
}

test_permit_other_questions if {
	every question in [fixture.tool, fixture.tool_result, fixture.sampling_request] {
		rule.findings == set() with input as question
	}
}

test_deny_missing if {
	rule.findings == _found({}) with input as fixture.without(fixture.listing, "question/list")
	rule.findings == _found({}) with input as fixture.changed(fixture.listing, "question/list", null)
}

test_deny_malformed if {
	every list in [
		{},
		"status",
		["status"],
		[{"member": "tools", "index": "0", "kind": "tool", "name": "status"}],
		[{"member": "tools", "index": 0, "kind": "tool"}],
		[{"index": 0, "kind": "tool", "name": "status"}],
	] {
		rule.findings == _found({}) with input as fixture.changed(fixture.listing, "question/list", list)
	}
}
