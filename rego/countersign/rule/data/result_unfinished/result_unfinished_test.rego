package countersign.rule.data.result_unfinished_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.data.result_unfinished as rule

_found := {{
	"code": "data.result_unfinished",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "data.result_unfinished",
	"params": {},
}}

_type := "question/result/result_type"

test_permit_finished if {
	every type in [null, "complete", "task"] {
		rule.findings == set() with input as fixture.changed(fixture.tool_result, _type, type)
	}
}

test_permit_other_phases if {
	rule.findings == set() with input as fixture.tool
}

test_deny_unfinished if {
	rule.findings == _found with input as fixture.changed(fixture.tool_result, _type, "input_required")
	rule.findings == _found with input as fixture.changed(fixture.tool_result, _type, "later")
}

test_deny_missing if {
	rule.findings == _found with input as fixture.without(fixture.tool_result, _type)
	rule.findings == _found with input as fixture.changed(fixture.tool_result, "question/result", null)
}

test_deny_malformed if {
	every type in [false, 7, [], {}] {
		rule.findings == _found with input as fixture.changed(fixture.tool_result, _type, type)
	}
}
