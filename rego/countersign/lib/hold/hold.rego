# METADATA
# title: What a hold waits for
# description: >-
#   From the findings that hold, the one thing to do before the question is asked again. Undefined, and so a
#   denial, when a finding waits for what is not known here, or does not say for whose approval.
package countersign.lib.hold

# METADATA
# description: One thing at a time; nobody is asked to approve what nobody has reviewed.
# scope: document
demand(findings) := {"kind": "review"} if {
	_waits(findings) - {"review", "approval"} == set()
	"review" in _waits(findings)
}

demand(findings) := approval if {
	_waits(findings) == {"approval"}
	every finding in findings {
		is_string(finding.params.group)
		is_number(finding.params.quorum)
	}
	approvals := {object.union({"kind": "approval"}, object.filter(finding.params, _demanded)) |
		some finding in findings
	}
	count(approvals) == 1
	some approval in approvals
}

_demanded := ["group", "quorum", "assurance", "workloads", "uses", "template"]

_waits(findings) := {finding.hold | some finding in findings}
