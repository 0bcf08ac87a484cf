package countersign.rule.identity.server_unregistered_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.identity.server_unregistered as rule

_found(params) := {{
	"code": "identity.server_unregistered",
	"effect": "deny",
	"severity": "critical",
	"waivable": false,
	"hold": null,
	"rule": "identity.server_unregistered",
	"params": params,
}}

test_permit_registered if {
	rule.findings == set() with input as fixture.tool
}

test_deny_unregistered if {
	rule.findings == _found({"server": "ops"}) with input as fixture.changed(fixture.tool, "registry/server", null)
}

test_deny_registered_as_another if {
	rule.findings == _found({"server": "ops"}) with input as fixture.changed(fixture.tool, "registry/server/id", "opsx")
}

test_deny_missing if {
	rule.findings == _found({"server": "ops"}) with input as fixture.without(fixture.tool, "registry/server")
	rule.findings == _found({"server": null}) with input as fixture.without(fixture.tool, "question/server_id")
}

test_deny_malformed if {
	rule.findings == _found({"server": 5})
		with input as fixture.changed(fixture.changed(fixture.tool, "question/server_id", 5), "registry/server/id", 5)
}
