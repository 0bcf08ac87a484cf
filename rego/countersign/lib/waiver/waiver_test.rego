package countersign.lib.waiver_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.lib.waiver

_exception := {
	"id": "exc-1",
	"code": "data.result_not_releasable",
	"server": "ops",
	"capability": "tool:status",
	"owner": "platform-team",
	"reason": "Agreed for the audit of this week.",
	"not_before": 1795000000,
	"expires_at": 1795000001,
	"review_by": 1795000001,
}

_finding := {
	"code": "data.result_not_releasable",
	"rule": "data.result_not_releasable",
	"severity": "high",
	"effect": "deny",
	"waivable": true,
}

_with(exceptions) := fixture.changed(fixture.tool, "registry/exceptions", exceptions)

test_waived if {
	waiver.of(_finding) == "exc-1" with input as _with([_exception])
}

test_waived_below_critical if {
	every severity in ["low", "medium", "high"] {
		waiver.of(object.union(_finding, {"severity": severity})) == "exc-1" with input as _with([_exception])
	}
}

test_first_of_several if {
	waiver.of(_finding) == "exc-0" with input as _with([_exception, object.union(_exception, {"id": "exc-0"})])
}

test_not_waived_by_another_exception if {
	every overrides in [
		{"code": "data.secret_result"}, {"server": "legacy"}, {"capability": "tool:*"}, {"capability": "*"},
		{"not_before": 1795000001}, {"expires_at": 1795000000}, {"review_by": 1794000000},
	] {
		not waiver.of(_finding) with input as _with([object.union(_exception, overrides)])
	}
}

test_not_waived_by_what_is_malformed if {
	every member, _ in _exception {
		not waiver.of(_finding) with input as _with([object.remove(_exception, [member])])
		every value in [null, "", false, {}] {
			not waiver.of(_finding) with input as _with([object.union(_exception, {member: value})])
		}
	}
	every exceptions in [null, "x", {"x": _exception}, [], ["x"]] {
		not waiver.of(_finding) with input as _with(exceptions)
	}
	not waiver.of(_finding) with input as fixture.changed(_with([_exception]), "now", "1795000000")
}

test_some_findings_are_never_waived if {
	every overrides in [
		{"waivable": false}, {"waivable": "true"}, {"severity": "critical"}, {"severity": "unknown"},
		{"rule": "identity.x"},
	] {
		not waiver.of(object.union(_finding, overrides)) with input as _with([_exception])
	}
	identity := {"code": "identity.agent_not_allowed"}
	not waiver.of(object.union(_finding, identity)) with input as _with([object.union(_exception, identity)])
	not waiver.of(object.remove(_finding, ["severity"])) with input as _with([_exception])
	not waiver.of("x") with input as _with([_exception])
}
