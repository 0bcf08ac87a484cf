# METADATA
# title: Proofs verified by plain OPA
# description: Only for the benchmark. Each token is verified as its kind demands; `seen` does all but that.
package proofs

import rego.v1

verified := count([1 |
	some one in input.tokens
	io.jwt.decode_verify(one.token, data.constraints[one.kind])[0]
])

seen := count([1 |
	some one in input.tokens
	data.constraints[one.kind]
	one.token != ""
])
