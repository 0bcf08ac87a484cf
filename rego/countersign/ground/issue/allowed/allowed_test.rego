package countersign.ground.issue.allowed_test

import data.countersign.ground.issue.allowed
import data.countersign.lib.fixture_test as fixture

_ground := {{"code": "issue.allowed", "rule": "issue.allowed"}}

test_permit_allowed if {
	allowed.grounds == _ground with input as fixture.grant_request
}

test_deny_otherwise if {
	every path, value in {
		"question/kind": "tool",
		"question/phase": "result",
		"registry/purpose": null,
		"registry/issuing": [],
	} {
		allowed.grounds == set() with input as fixture.changed(fixture.grant_request, path, value)
	}
	allowed.grounds == set() with input as {}
}
