package countersign.rule.purpose.resource_outside_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.purpose.resource_outside as rule

_found(params) := {{
	"code": "purpose.resource_outside",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "purpose.resource_outside",
	"params": params,
}}

_scope(resources) := fixture.changed(fixture.tool, "question/data_scope/resources", resources)

_granting(question, prefixes) := fixture.changed(question, "attested/purpose/bounds/resources", prefixes)

test_permit_inside if {
	rule.findings == set() with input as fixture.tool
	rule.findings == set() with input as _scope([])
	rule.findings == set() with input as _scope(["file:///reports/2026/47.md", "k8s:prod/"])
}

test_permit_any_resource if {
	rule.findings == set() with input as _granting(_scope(["anything/../at all"]), [])
}

test_permit_prefix_ends_where_a_name_ends if {
	every prefix in ["k8s", "k8s:", "k8s:prod", "k8s:prod/", "k8s:prod/api"] {
		rule.findings == set() with input as _granting(_scope(["k8s:prod/api"]), [prefix])
	}
	rule.findings == set()
		with input as _granting(_scope(["https://a.test/x?y=1", "https://a.test/x#y"]), ["https://a.test/x"])
}

test_permit_unissued_is_another_finding if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "attested/purpose", null)
}

test_deny_outside if {
	rule.findings == _found({"resources": ["k8s:staging/api"]}) with input as _scope(["k8s:prod/api", "k8s:staging/api"])
}

test_deny_prefix_inside_a_name if {
	every prefix in ["k8s:pro", "k8s:prod/a", "k", ""] {
		rule.findings == _found({"resources": ["k8s:prod/api"]}) with input as _granting(fixture.tool, [prefix])
	}
}

test_deny_climbing if {
	every resource in [
		"k8s:prod/../staging", "k8s:prod/..", "k8s:prod/./x", "k8s:prod/%2e%2e/x", "k8s:prod/%2E./x",
		`k8s:prod/..\\x`, "k8s:prod/%252e%252e/x", "k8s:prod/a%2f..", "k8s:prod/a%6", "k8s:prod/a%zz", "k8s:prod/%61",
		"k8s:prod/..?x", "k8s:prod/..#x", "k8s:prod//x", "k8s:prod/x;y", "k8s:prod/a://b://c",
	] {
		rule.findings == _found({"resources": [resource]}) with input as _scope([resource])
	}
}

test_deny_missing if {
	rule.findings == _found({"resources": []}) with input as fixture.without(fixture.tool, "question/data_scope/resources")
	rule.findings == _found({"resources": ["k8s:prod/api"]})
		with input as fixture.without(fixture.tool, "attested/purpose/bounds/resources")
}

test_deny_malformed if {
	every prefixes in [null, "k8s:prod/", {"x": "file:///"}, [5]] {
		rule.findings == _found({"resources": ["k8s:prod/api"]}) with input as _granting(fixture.tool, prefixes)
	}
	rule.findings == _found({"resources": []}) with input as _scope("k8s:prod/api")
	rule.findings == _found({"resources": []}) with input as _granting(_scope(null), [])
	rule.findings == _found({"resources": []}) with input as _scope([5])
}
