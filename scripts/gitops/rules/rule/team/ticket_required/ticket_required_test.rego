package countersign.rule.team.ticket_required_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.team.ticket_required as rule

_found(params) := {{
	"code": "team.ticket_required",
	"effect": "deny",
	"severity": "medium",
	"waivable": true,
	"hold": null,
	"rule": "team.ticket_required",
	"params": params,
}}

_change := fixture.changed(fixture.tool, "registry/capability/effects", ["modifies_downstream"])

test_permit_reading if {
	rule.findings == set() with input as fixture.without(fixture.tool, "attested/purpose/ref")
}

test_permit_with_ticket if {
	rule.findings == set() with input as fixture.changed(_change, "attested/purpose/ref", "T-4711")
}

test_deny_another_ref if {
	rule.findings == _found({"ref": "INC-1"}) with input as fixture.changed(_change, "attested/purpose/ref", "INC-1")
}

test_deny_without_ref if {
	rule.findings == _found({"ref": null}) with input as fixture.without(_change, "attested/purpose/ref")
}

test_deny_malformed_ref if {
	rule.findings == _found({"ref": 7}) with input as fixture.changed(_change, "attested/purpose/ref", 7)
}
