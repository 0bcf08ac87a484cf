# METADATA
# title: What people said
# description: >-
#   The approval of this very action or round, as the service attests it: each vote is a leaf of the log by a person who
#   was proved, and who may still vote. A rule that holds for an approval asks here whether it is there.
# schemas:
#   - input: schema["policy-input"]
package countersign.lib.approval

# METADATA
# description: >-
#   It is approved by at least that quorum of that group, as surely as demanded, by every workload that is demanded, and
#   in time. What a client says of its own user is no vote and so covers nothing.
covers(demand) if {
	approval := input.attested.approval
	approval.status == "approved"
	is_string(demand.group)
	approval.group == demand.group
	is_number(demand.quorum)
	is_number(approval.quorum)
	approval.quorum >= demand.quorum
	is_array(approval.votes)
	count(approval.votes) >= demand.quorum
	_assured(approval.assurance, object.get(demand, "assurance", "signed_in"))
	_workloads_consent(approval.workloads, object.get(demand, "workloads", []))
	_as_often(approval.demand, demand)
	_stands
}

# METADATA
# description: How sure consent is, the more the surer; undefined for what is none.
# scope: document
level("signed_in") := 1

level("key_bound") := 2

level("passkey") := 3

_assured(given, demanded) if level(given) >= level(demanded)

# It was asked for no more uses than are demanded now, and for the same arguments left open.
_as_often(given, demanded) if {
	object.get(given, "uses", 1) <= object.get(demanded, "uses", 1)
	_open(given) == _open(demanded)
}

default _open(_) := []

_open(demand) := demand.template

_workloads_consent(given, demanded) if {
	is_array(given)
	is_array(demanded)
	every workload in demanded {
		workload in given
	}
}

# It is in time, and nothing came since that could turn a model's next wish into another than the approved one.
# What the workflow did itself, such as using another approval, may have come.
_stands if {
	is_number(input.attested.approval.expires_at)
	is_number(input.now)
	input.now < input.attested.approval.expires_at
	is_array(input.attested.approval.taint)
	is_array(input.verified.workflow.taint)
	every taint in input.verified.workflow.taint {
		_known_to_approvers(taint.facet)
	}
}

_known_to_approvers("sent") := true

_known_to_approvers("changed") := true

_known_to_approvers(facet) if facet in input.attested.approval.taint
