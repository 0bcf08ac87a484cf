package countersign.rule.purpose.scope_unresolved_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.purpose.scope_unresolved as rule

_found(params) := {{
	"code": "purpose.scope_unresolved",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "purpose.scope_unresolved",
	"params": params,
}}

test_permit_resolved if {
	rule.findings == set() with input as fixture.tool
}

test_deny_unresolved if {
	rule.findings == _found({"unresolved": ["arguments/path"]})
		with input as fixture.changed(fixture.tool, "question/data_scope/unresolved", ["arguments/path"])
}

test_deny_missing if {
	rule.findings == _found({"unresolved": []}) with input as fixture.without(fixture.tool, "question/data_scope")
}

test_deny_malformed if {
	every value in [null, "", {}] {
		rule.findings == _found({"unresolved": []})
			with input as fixture.changed(fixture.tool, "question/data_scope/unresolved", value)
	}
}
