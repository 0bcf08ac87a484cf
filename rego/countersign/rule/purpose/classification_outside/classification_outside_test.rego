package countersign.rule.purpose.classification_outside_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.purpose.classification_outside as rule

_found(params) := {{
	"code": "purpose.classification_outside",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "purpose.classification_outside",
	"params": params,
}}

_scope(values) := fixture.changed(fixture.tool, "question/data_scope/classifications", values)

test_permit_inside_both if {
	rule.findings == set() with input as fixture.tool
	rule.findings == set() with input as _scope(["public", "internal"])
}

test_permit_nothing_touched if {
	rule.findings == set() with input as _scope([])
}

test_permit_unknown_purpose_is_another_finding if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "registry/purpose", null)
}

test_deny_outside_both if {
	rule.findings == _found({"classifications": ["secret"]}) with input as _scope(["secret"])
}

test_deny_names_only_what_is_outside if {
	rule.findings == _found({"classifications": ["secret"]}) with input as _scope(["public", "secret"])
}

test_deny_outside_grant if {
	narrowed := fixture.changed(fixture.tool, "attested/purpose/bounds/classifications", ["other"])
	rule.findings == _found({"classifications": fixture.tool.question.data_scope.classifications}) with input as narrowed
}

test_deny_outside_registry if {
	narrowed := fixture.changed(fixture.tool, "registry/purpose/classifications", ["other"])
	rule.findings == _found({"classifications": fixture.tool.question.data_scope.classifications}) with input as narrowed
}

test_deny_missing if {
	every path in [
		"question/data_scope/classifications",
		"attested/purpose/bounds/classifications",
		"registry/purpose/classifications",
	] {
		count(rule.findings) == 1 with input as fixture.without(fixture.tool, path)
	}
}

test_deny_malformed if {
	every path in [
		"question/data_scope/classifications",
		"attested/purpose/bounds/classifications",
		"registry/purpose/classifications",
	] {
		every value in [null, "x", {}] {
			count(rule.findings) == 1 with input as fixture.changed(fixture.tool, path, value)
		}
	}
	rule.findings == _found({"classifications": []}) with input as _scope([5])
}
