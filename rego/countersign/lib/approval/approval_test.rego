package countersign.lib.approval_test

import data.countersign.lib.approval
import data.countersign.lib.fixture_test as fixture

_demand := {"group": "release-managers", "quorum": 2}

_approval := {
	"id": "apr_1",
	"status": "approved",
	"group": "release-managers",
	"quorum": 2,
	"assurance": "signed_in",
	"demand": {"group": "release-managers", "quorum": 2},
	"workloads": [],
	"votes": ["vot_1", "vot_2"],
	"expires_at": fixture.tool.now + 60,
	"taint": ["private_read"],
}

_with(changes) := fixture.changed(fixture.tool, "attested/approval", object.union(_approval, changes))

test_covers if {
	approval.covers(_demand) with input as _with({})
	approval.covers({"group": "release-managers", "quorum": 1}) with input as _with({})
}

_surely(demanded) := object.union(_demand, {"assurance": demanded})

test_covers_as_surely_as_demanded if {
	every pair in [
		["signed_in", "signed_in"],
		["signed_in", "key_bound"],
		["signed_in", "passkey"],
		["key_bound", "key_bound"],
		["key_bound", "passkey"],
		["passkey", "passkey"],
	] {
		approval.covers(_surely(pair[0])) with input as _with({"assurance": pair[1]})
	}
	every pair in [
		["key_bound", "signed_in"],
		["passkey", "signed_in"],
		["passkey", "key_bound"],
		["any", "passkey"],
		[null, "passkey"],
	] {
		not approval.covers(_surely(pair[0])) with input as _with({"assurance": pair[1]})
	}
}

_often(uses, template) := object.union(_demand, {"uses": uses, "template": template})

test_covers_as_often_and_openly_as_demanded if {
	bound := [{"path": ["replicas"], "maximum": 5}]
	approval.covers(_often(3, bound)) with input as _with({"demand": {"uses": 3, "template": bound}})
	approval.covers(_often(4, bound)) with input as _with({"demand": {"uses": 3, "template": bound}})
	approval.covers(object.union(_demand, {"uses": 3})) with input as _with({})
	every given in [{"uses": 3}, {"template": bound}, {"uses": 4, "template": bound}, {"uses": "1"}, null, "any"] {
		not approval.covers(object.union(_demand, {"uses": 2})) with input as _with({"demand": given})
	}
	not approval.covers(_often(3, bound)) with input as _with({})
}

test_covers_with_every_workload if {
	demand := object.union(_demand, {"workloads": ["change-system", "second-engine"]})
	approval.covers(demand) with input as _with({"workloads": ["second-engine", "change-system", "another"]})
	not approval.covers(demand) with input as _with({"workloads": ["change-system"]})
	not approval.covers(demand) with input as _with({"workloads": {"change-system": "second-engine"}})
	not approval.covers(object.union(_demand, {"workloads": "change-system"})) with input as _with({})
}

test_none_covers_nothing if {
	not approval.covers(_demand) with input as fixture.tool
	not approval.covers(_demand) with input as fixture.without(fixture.tool, "attested/approval")
}

test_less_covers_nothing if {
	every change in [
		{"status": "pending"},
		{"status": "denied"},
		{"group": "staff"},
		{"quorum": 1},
		{"quorum": "2"},
		{"votes": ["vot_1"]},
		{"votes": "vot_1, vot_2"},
		{"votes": {"a": 1, "b": 2}},
		{"expires_at": fixture.tool.now},
		{"expires_at": "tomorrow"},
		{"expires_at": null},
		{"assurance": null},
		{"assurance": "client_asserted"},
		{"assurance": ["passkey"]},
		{"workloads": null},
	] {
		not approval.covers(_demand) with input as _with(change)
	}
}

test_no_demand_is_not_met if {
	every demand in [{"group": null, "quorum": null}, {}, {"group": "release-managers", "quorum": "1"}] {
		not approval.covers(demand) with input as _with({})
	}
	not approval.covers(_demand) with input as fixture.without(_with({}), "now")
}

_tainted(facets) := fixture.changed(_with({}), "verified/workflow/taint", [{"facet": facet} | some facet in facets])

test_covers_what_was_shown if {
	every facets in [[], ["private_read"], ["private_read", "sent", "changed"]] {
		approval.covers(_demand) with input as _tainted(facets)
	}
}

test_worse_than_shown_covers_nothing if {
	not approval.covers(_demand) with input as _tainted(["private_read", "untrusted_seen"])
	not approval.covers(_demand) with input as fixture.without(_with({}), "verified/workflow")
	not approval.covers(_demand) with input as fixture.without(_with({}), "attested/approval/taint")
	not approval.covers(_demand) with input as fixture.changed(_with({}), "verified/workflow/taint", "x")
}
