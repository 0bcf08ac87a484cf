package countersign.obligation.supply.list_filter_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.obligation.supply.list_filter as rule

_with_item(overrides) := object.union(fixture.listing, {"question": {"list": [object.union(
	fixture.listing.question.list[0],
	overrides,
)]}})

_dropping(reasons) := {{
	"id": "supply.list_filter",
	"type": "filter_list",
	"properties": {"drop": [{"index": 0, "member": "tools", "reasons": reasons}]},
}}

test_permit_reviewed_items if {
	rule.obligations == set() with input as fixture.listing
}

test_permit_resource_without_pin if {
	rule.obligations == set() with input as _with_item({"kind": "resource", "pinned_digest": null})
}

test_permit_other_questions if {
	every question in [fixture.tool, fixture.tool_result, fixture.sampling_request] {
		rule.obligations == set() with input as question
	}
}

test_drop_each_reason if {
	cases := {
		"unregistered": {"registered": false},
		"duplicate": {"occurrences": 2},
		"shadowing": {"shadows": ["legacy"]},
		"unreviewed": {"pinned_digest": null},
		"drifted": {"definition_digest": "sha256:0"},
		"hidden_text": {"hidden_text": true},
	}
	every reason, overrides in cases {
		rule.obligations == _dropping([reason]) with input as _with_item(overrides)
	}
}

test_drop_missing if {
	item := {"index": 0, "member": "tools", "kind": "tool", "name": "status"}
	every_reason := ["unregistered", "duplicate", "shadowing", "unreviewed", "drifted", "hidden_text"]
	rule.obligations == _dropping(every_reason) with input as fixture.changed(fixture.listing, "question/list", [item])
}

test_drop_malformed if {
	overrides := {"registered": "true", "shadows": null, "hidden_text": null}
	rule.obligations == _dropping(["unregistered", "shadowing", "hidden_text"]) with input as _with_item(overrides)
}

test_drop_only_the_bad_ones if {
	good := fixture.listing.question.list[0]
	bad := object.union(good, {"index": 1, "name": "sendMail", "key": "tool:sendMail", "registered": false})
	expected := {{"id": "supply.list_filter", "type": "filter_list", "properties": {"drop": [{
		"index": 1,
		"member": "tools",
		"reasons": ["unregistered"],
	}]}}}
	rule.obligations == expected with input as fixture.changed(fixture.listing, "question/list", [good, bad])
}
