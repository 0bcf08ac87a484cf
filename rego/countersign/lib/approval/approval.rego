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
	is_number(approval.expires_at)
	is_number(input.now)
	input.now < approval.expires_at
}
