package countersign.rule.capability.argument_outside_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.capability.argument_outside as rule

_found(params) := {{
	"code": "capability.argument_outside",
	"effect": "deny",
	"severity": "high",
	"waivable": true,
	"hold": null,
	"rule": "capability.argument_outside",
	"params": params,
}}

_asking(arguments, bounds) := fixture.changed(
	fixture.changed(fixture.tool, "question/arguments", arguments),
	"registry/capability/bounds",
	bounds,
)

_outside(path, bounds) := _found({"arguments": [{"path": path, "bounds": bounds}]})

test_permit_inside if {
	rule.findings == set() with input as fixture.tool
}

test_permit_without_bounds if {
	rule.findings == set() with input as _asking({"service": 5}, [])
	rule.findings == set() with input as fixture.without(fixture.tool, "registry/capability/bounds")
}

test_permit_result if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "question/phase", "result")
}

test_permit_each_bound if {
	every bound, value in {
		{"type": "string"}: "x", {"type": "number"}: 1.5, {"type": "boolean"}: false, {"type": "array"}: [],
		{"type": "object"}: {}, {"type": "null"}: null,
		{"one_of": ["a", 1, true]}: 1,
		{"minimum": 0}: 0, {"maximum": 10}: 10, {"minimum": -1, "maximum": 1}: 0,
		{"max_length": 3}: "äöü", {"max_length": 2}: ["a", "b"],
		{"pattern": "a|b"}: "b", {"prefix": "/reports/"}: "/reports/2026/47.md",
		{"required": true}: null,
	} {
		rule.findings == set() with input as _asking({"x": value}, [object.union(bound, {"path": ["x"]})])
	}
}

test_deny_each_bound if {
	every name, cases in {
		"type": [
			[{"type": "string"}, 5],
			[{"type": "number"}, "5"],
			[{"type": "array"}, {}],
			[{"type": "null"}, 0],
			[{"type": 5}, 5],
		],
		"one_of": [
			[{"one_of": ["a", "b"]}, "c"],
			[{"one_of": [1]}, "1"],
			[{"one_of": "abc"}, "a"],
			[{"one_of": [["a"]]}, "a"],
		],
		"minimum": [[{"minimum": 0}, -1], [{"minimum": 0}, "5"], [{"minimum": "0"}, 5], [{"minimum": null}, 5]],
		"maximum": [[{"maximum": 10}, 10.5], [{"maximum": 10}, false], [{"maximum": "x"}, 5]],
		"max_length": [
			[{"max_length": 3}, "abcd"],
			[{"max_length": 1}, ["a", "b"]],
			[{"max_length": 9}, 5],
			[{"max_length": "x"}, "a"],
		],
		"pattern": [
			[{"pattern": "a|b"}, "ab"],
			[{"pattern": "a"}, "a\n"],
			[{"pattern": "("}, "a"],
			[{"pattern": "5"}, 5],
			[{"pattern": 5}, "5"],
		],
		"prefix": [
			[{"prefix": "/reports/"}, "/hr/x"],
			[{"prefix": "/reports/"}, "/reports/../hr/x"],
			[{"prefix": "/reports/"}, "/reports/%2e%2e/hr"],
			[{"prefix": "/reports/"}, "/reports/\t../hr"],
			[{"prefix": "/reports/"}, "/reports/\u200b/x"],
			[{"prefix": "/reports/"}, "/reports/x "],
			[{"prefix": "."}, "../hr/x"],
			[{"prefix": "/"}, 5], [{"prefix": 5}, "5"],
		],
		"required": [[{"required": "no"}, "x"]],
		"bogus": [[{"bogus": true}, "x"]],
	} {
		every broken in cases {
			bound := object.union(broken[0], {"path": ["x"]})
			rule.findings == _outside(["x"], [name]) with input as _asking({"x": broken[1]}, [bound])
		}
	}
}

test_permit_optional_absent if {
	rule.findings == set() with input as _asking({}, [{"path": ["x"], "type": "string"}])
	rule.findings == set() with input as _asking({}, [{"path": ["x", "y"], "required": false, "type": "string"}])
	rule.findings == set() with input as _asking({"x": {}}, [{"path": ["x", "y"], "type": "string"}])
}

test_deny_required_missing if {
	bounds := [{"path": ["x", "y"], "required": true}]
	every arguments in [{}, {"x": {}}, {"y": 1}] {
		rule.findings == _outside(["x", "y"], ["required"]) with input as _asking(arguments, bounds)
	}
}

test_deny_hidden_from_its_bound if {
	# A list, or a text, in the place of an object.
	every arguments in [{"x": [{"y": "prod"}]}, {"x": "y"}, {"x": null}] {
		count(rule.findings) == 1 with input as _asking(arguments, [{"path": ["x", "y"], "one_of": ["test"]}])
	}
}

test_deny_nested if {
	rule.findings == _outside(["x", "y"], ["one_of"])
		with input as _asking({"x": {"y": "prod"}}, [{"path": ["x", "y"], "one_of": ["test"]}])
}

test_deny_missing if {
	rule.findings == _outside(["service"], []) with input as fixture.without(fixture.tool, "question/arguments")
}

test_deny_malformed if {
	every bounds in [null, "x", {}, 5] {
		count(rule.findings) == 1 with input as _asking({"service": "api"}, bounds)
	}
	every bound in [null, "x", {}, {"path": []}, {"path": "service"}, {"path": null}] {
		count(rule.findings) == 1 with input as _asking({"service": "api"}, [bound])
	}
	every arguments in [null, "x", []] {
		count(rule.findings) == 1 with input as _asking(arguments, [{"path": ["x"]}])
	}
}

test_params_are_bounded if {
	bounds := [{"path": [sprintf("a%d", [i])], "required": true} | some i in numbers.range(1, 40)]
	some found in rule.findings with input as _asking({}, bounds)
	count(found.params.arguments) == 16
}
