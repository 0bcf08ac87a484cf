package countersign.rule.workflow.unknown_handle_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.workflow.unknown_handle as rule

_found(params) := {{
	"code": "workflow.unknown_handle",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "workflow.unknown_handle",
	"params": params,
}}

_with(question, basis, effects) := json.patch(question, [
	{"op": "add", "path": "verified/workflow/basis", "value": basis},
	{"op": "add", "path": "registry/capability/effects", "value": effects},
])

test_permit_known if {
	every basis in ["known", "child", "inferred"] {
		rule.findings == set() with input as _with(fixture.tool, basis, ["irreversible"])
	}
}

test_permit_looking if {
	rule.findings == set() with input as _with(fixture.tool, "unknown", ["reads_private", "reads_untrusted"])
}

test_deny_acting if {
	every effect in ["modifies_downstream", "irreversible", "executes_code", "calls_external"] {
		rule.findings == _found({}) with input as _with(fixture.tool, "unknown", ["reads_private", effect])
	}
}

test_deny_missing if {
	rule.findings == _found({}) with input as fixture.without(fixture.tool, "verified/workflow")
	rule.findings == _found({}) with input as fixture.without(_with(fixture.tool, "unknown", []), "registry/capability")
	result := fixture.changed(_with(fixture.tool, "unknown", []), "question/phase", "result")
	rule.findings == _found({}) with input as fixture.without(result, "registry/capability/effects")
}

test_deny_malformed if {
	every basis in [null, true, "mine", ["known"], {"known": "known"}] {
		rule.findings == _found({}) with input as _with(fixture.tool, basis, [])
	}
}
