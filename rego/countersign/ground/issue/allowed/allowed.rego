# METADATA
# title: Grant may be issued
# description: >-
#   An issuing rule of the registry lets whoever asks issue all that the grant gives, of a registered purpose.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: issue.allowed
#   effect: permit
#   rationale: A grant names what it rests on. Nothing that a rule forgets to forbid is thereby allowed.
#   remediation: Register the purpose, and add a rule to `issuing` of the registry.
#   mapping:
#     owasp_asi: [ASI01, ASI03]
#     owasp_mcp: [MCP02]
#     maestro: [L6]
#     nist: [AI-RMF-GOVERN, CSF-PR]
package countersign.ground.issue.allowed

import data.countersign.lib.issuing

grounds contains {"code": "issue.allowed", "rule": "issue.allowed"} if {
	input.question.kind == "grant"
	input.question.phase == "request"
	is_object(input.registry.purpose)
	issuing.covering != set()
}
