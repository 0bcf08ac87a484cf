package countersign.rule.supply.annotation_conflict_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.supply.annotation_conflict as rule

_found(params) := {{
	"code": "supply.annotation_conflict",
	"effect": "hold",
	"severity": "medium",
	"waivable": true,
	"hold": "review",
	"rule": "supply.annotation_conflict",
	"params": params,
}}

_stated := {"destructive": true, "stated": ["destructiveHint"]}

_asking(annotations, effects) := object.union(fixture.tool, {
	"asserted": {"annotations": annotations},
	"registry": {"capability": {"effects": effects}},
})

test_permit_not_destructive if {
	rule.findings == set() with input as fixture.tool
}

test_permit_default_is_not_a_statement if {
	rule.findings == set() with input as _asking({"destructive": true, "stated": ["readOnlyHint"]}, ["reads_private"])
}

test_permit_registry_agrees if {
	every facet in ["modifies_downstream", "irreversible"] {
		rule.findings == set() with input as _asking(_stated, [facet])
	}
}

test_permit_result if {
	rule.findings == set() with input as fixture.tool_result
}

test_hold_server_says_worse if {
	expected := _found({"capability": "tool:status"})
	rule.findings == expected with input as _asking(_stated, ["reads_private"])
	rule.findings == expected with input as _asking(_stated, [])
}

test_permit_missing if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "asserted/annotations", null)
}

test_hold_malformed if {
	rule.findings == _found({"capability": "tool:status"}) with input as _asking(_stated, {"x": "irreversible"})
}
