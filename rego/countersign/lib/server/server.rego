# METADATA
# title: The server
# description: What is verified of the MCP server's workload, and what the registry says of it.
# schemas:
#   - input: schema["policy-input"]
package countersign.lib.server

import data.countersign.lib.privilege

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
# description: >-
#   We verified which workload it is. What a gateway saw or started (`forwarded`) is its word and no proof: enough only
#   where nothing is at stake, and the server is registered so.
default proven := false

proven if _evidence(input.verified.server.grade)

proven if {
	input.verified.server.grade == "forwarded"
	_forwarded
	not privilege.demanded
}

# The registry knows it by nothing better than a gateway's word.
_forwarded if is_array(input.registry.server.launch)

_forwarded if is_array(input.registry.server.tls.keys)

_evidence("bearer") := true

_evidence("pop") := true

# METADATA
# description: The proven workload is the registered one, whole SPIFFE ids, byte for byte.
same_workload if {
	contains(input.verified.server.spiffe_id, "://")
	input.registry.server.spiffe_id == input.verified.server.spiffe_id
}

# METADATA
# description: Or one that its platform vouches for, with every claim as it is registered.
same_workload if {
	input.registry.server.platform.issuer == input.verified.server.platform.issuer
	is_object(input.registry.server.platform.claims)
	input.registry.server.platform.claims != {}
	every name, value in input.registry.server.platform.claims {
		is_string(value)
		input.verified.server.platform.claims[name] == value
	}
}

# METADATA
# description: Or what the gateway says that it started, by a digest that is registered.
same_workload if {
	is_array(input.registry.server.launch)
	startswith(input.verified.server.launch, "sha256:")
	some digest in input.registry.server.launch
	digest == input.verified.server.launch
}

# METADATA
# description: Or what the gateway says that it reached by TLS, by the name and a key that are registered.
same_workload if {
	is_array(input.registry.server.tls.keys)
	is_string(input.verified.server.tls.name)
	input.registry.server.tls.name == input.verified.server.tls.name
	startswith(input.verified.server.tls.key, "sha256:")
	some key in input.registry.server.tls.keys
	key == input.verified.server.tls.key
}
