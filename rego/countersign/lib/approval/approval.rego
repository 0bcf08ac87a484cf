# METADATA
# title: What people said
# description: >-
#   The approval of this very action or round, as the service attests it: each vote is a leaf of the log by a person who
#   was proved, and who may still vote. A rule that holds for an approval asks here whether it is there.
# schemas:
#   - input: schema["policy-input"]
package countersign.lib.approval

# METADATA
# description: It is approved by at least that quorum of that group, and in time.
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
	_stands
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
