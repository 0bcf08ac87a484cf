package countersign.rule.purpose.not_yet_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.purpose.not_yet as rule

_found(params) := {{
	"code": "purpose.not_yet",
	"effect": "deny",
	"severity": "high",
	"waivable": false,
	"hold": null,
	"rule": "purpose.not_yet",
	"params": params,
}}

_now := fixture.tool.now

test_permit_begun if {
	rule.findings == set() with input as fixture.tool
}

test_permit_clock_skew if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "attested/purpose/not_before", _now + 30)
}

test_permit_unissued_is_another_finding if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "attested/purpose", null)
}

test_deny_later if {
	rule.findings == _found({"not_before": _now + 31, "now": _now})
		with input as fixture.changed(fixture.tool, "attested/purpose/not_before", _now + 31)
}

test_deny_missing if {
	rule.findings == _found({"not_before": null, "now": _now})
		with input as fixture.without(fixture.tool, "attested/purpose/not_before")
	rule.findings == _found({"not_before": 1794999900, "now": null}) with input as fixture.without(fixture.tool, "now")
}

test_deny_malformed if {
	every value in [false, "0"] {
		rule.findings == _found({"not_before": value, "now": _now})
			with input as fixture.changed(fixture.tool, "attested/purpose/not_before", value)
	}
}
