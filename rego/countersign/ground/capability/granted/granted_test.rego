package countersign.ground.capability.granted_test

import data.countersign.ground.capability.granted as rule
import data.countersign.lib.fixture_test as fixture

_granted := {{"code": "capability.granted", "rule": "capability.granted"}}

test_permit_every_kind if {
	every question in [
		fixture.tool, fixture.tool_result, fixture.prompt, fixture.resource, fixture.listing,
		fixture.sampling_request, fixture.sampling_response, fixture.form_request, fixture.form_response,
		fixture.url_request,
	] {
		rule.grounds == _granted with input as question
	}
}

test_deny_each_condition if {
	every path, value in {
		"registry/server": null,
		"registry/capability": null,
		"registry/purpose": null,
		"attested/purpose": null,
		"attested/purpose/not_before": 1795000031,
		"attested/purpose/expires_at": 1795000000,
		"attested/purpose/initiator/sub": "mallory",
		"attested/purpose/bounds/capabilities": ["legacy/*"],
		"registry/capability/groups": ["finance"],
	} {
		rule.grounds == set() with input as fixture.changed(fixture.tool, path, value)
	}
}

test_deny_missing if {
	rule.grounds == set() with input as {}
	every member in ["question", "verified", "attested", "registry", "now"] {
		rule.grounds == set() with input as fixture.without(fixture.tool, member)
	}
}

test_deny_malformed if {
	every member in ["question", "verified", "attested", "registry", "now"] {
		rule.grounds == set() with input as fixture.changed(fixture.tool, member, "x")
	}
}
