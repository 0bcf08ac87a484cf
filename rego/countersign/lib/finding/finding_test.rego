package countersign.lib.finding_test

import data.countersign.lib.finding

_chain(annotations) := [
	{"path": ["countersign", "rule", "purpose", "missing", "_chain"]},
	{"path": ["countersign", "rule", "purpose", "missing"], "annotations": annotations},
]

_strictest := {
	"code": "rule.unnamed",
	"effect": "deny",
	"severity": "critical",
	"waivable": false,
	"hold": null,
	"rule": "purpose.missing",
	"params": {"a": 1},
}

test_identity_comes_from_metadata if {
	custom := {"code": "purpose.x", "effect": "hold", "severity": "low", "waivable": true, "hold": "review"}
	finding.new(_chain({"custom": custom}), {"a": 1}) == object.union(_strictest, custom)
}

test_metadata_may_keep_a_finding_from_being_observed if {
	custom := {"code": "purpose.x", "observable": false}
	finding.new(_chain({"custom": custom}), {"a": 1}) == object.union(_strictest, custom)
}

test_broken_metadata_still_denies if {
	every annotations in [{}, {"custom": {}}, {"custom": null}, {"custom": "x"}, null] {
		finding.new(_chain(annotations), {"a": 1}) == _strictest
	}
	finding.new([], {"a": 1}) == object.union(_strictest, {"rule": "unnamed"})
	finding.new(null, {"a": 1}) == object.union(_strictest, {"rule": "unnamed"})
}

test_names_are_bounded if {
	finding.bounded([sprintf("n%d", [i]) | some i in numbers.range(1, 40)]) == [sprintf("n%d", [i]) |
		some i in numbers.range(1, 16)
	]
	finding.bounded([concat("", ["x" | some _ in numbers.range(1, 200)])]) == [concat("", ["x" |
		some _ in numbers.range(1, 128)
	])]
	finding.bounded(["a", 5, null, "b"]) == ["a", "b"]
	finding.bounded("abc") == []
	finding.bounded(null) == []
}
