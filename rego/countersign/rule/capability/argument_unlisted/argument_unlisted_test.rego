package countersign.rule.capability.argument_unlisted_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.capability.argument_unlisted as rule

_found(params) := {{
	"code": "capability.argument_unlisted",
	"effect": "deny",
	"severity": "medium",
	"waivable": true,
	"hold": null,
	"rule": "capability.argument_unlisted",
	"params": params,
}}

_asking(arguments, listed) := fixture.changed(
	fixture.changed(fixture.tool, "question/arguments", arguments),
	"registry/capability/arguments",
	listed,
)

test_permit_listed if {
	rule.findings == set() with input as fixture.tool
	rule.findings == set() with input as _asking({}, ["service"])
	rule.findings == set() with input as _asking({}, [])
}

test_permit_any if {
	rule.findings == set() with input as fixture.without(fixture.tool, "registry/capability/arguments")
	rule.findings == set() with input as fixture.changed(fixture.tool, "registry/capability", null)
}

test_permit_result if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "question/phase", "result")
}

test_deny_unlisted if {
	rule.findings == _found({"arguments": ["force"]}) with input as _asking({"force": true, "service": "api"}, ["service"])
	rule.findings == _found({"arguments": ["service"]}) with input as _asking({"service": "api"}, [])
}

test_deny_missing if {
	rule.findings == _found({"arguments": []}) with input as fixture.without(fixture.tool, "question/arguments")
}

test_deny_malformed if {
	every listed in [null, "service", {"x": "service"}] {
		count(rule.findings) == 1 with input as _asking({"service": "api"}, listed)
	}
	every arguments in [null, "x", []] {
		count(rule.findings) == 1 with input as _asking(arguments, ["service"])
	}
}
