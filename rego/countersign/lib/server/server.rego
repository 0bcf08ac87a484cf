# METADATA
# title: The server
# description: What is verified of the MCP server's workload, and what the registry says of it.
# schemas:
#   - input: schema["policy-input"]
package countersign.lib.server

# METADATA
# scope: document
# description: The registry knows the server that is asked about.
default registered := false

registered if {
	is_string(input.question.server_id)
	input.question.server_id != ""
	input.registry.server.id == input.question.server_id
}

# METADATA
# scope: document
# description: We verified which workload it is. A certificate that was only forwarded proves no possession.
default proven := false

proven if _evidence(input.verified.server.grade)

_evidence("bearer") := true

_evidence("pop") := true

# METADATA
# description: The proven workload is the registered one, whole SPIFFE ids, byte for byte.
same_workload if {
	startswith(input.verified.server.spiffe_id, "spiffe://")
	input.registry.server.spiffe_id == input.verified.server.spiffe_id
}
