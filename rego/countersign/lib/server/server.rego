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

# METADATA
# scope: document
# description: >-
#   What the proven workload is named by, of the one kind that its proof has; null when it has none. Of a platform's
#   token only the claims that are registered: it may say more of a person than a finding should.
default proven_name := null

proven_name := input.verified.server.spiffe_id if is_string(input.verified.server.spiffe_id)

else := {"issuer": platform.issuer, "claims": object.filter(platform.claims, object.keys(_registered_claims))} if {
	platform := input.verified.server.platform
	is_object(platform.claims)
}

else := input.verified.server.launch if is_string(input.verified.server.launch)

else := input.verified.server.tls if is_object(input.verified.server.tls)

# METADATA
# scope: document
# description: What the registry names the workload by, of the one kind that it has; null when it has none.
default registered_name := null

registered_name := input.registry.server.spiffe_id if is_string(input.registry.server.spiffe_id)

else := input.registry.server.platform if is_object(input.registry.server.platform)

else := {"digests": input.registry.server.launch} if is_array(input.registry.server.launch)

else := input.registry.server.tls if is_object(input.registry.server.tls)

default _registered_claims := {}

_registered_claims := input.registry.server.platform.claims if is_object(input.registry.server.platform.claims)
