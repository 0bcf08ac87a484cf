# METADATA
# title: Grant outside what may be issued
# description: >-
#   The grant gives more, or for longer, than any issuing rule of whoever asks allows.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: issue.outside
#   severity: high
#   effect: deny
#   waivable: false
#   observable: false
#   rationale: >-
#     Whoever may issue a purpose may issue what the tenant has bounded, and not a wider one under the same name.
#   remediation: >-
#     Ask for less; `outside` names what reaches beyond the rule that comes nearest.
#   mapping:
#     owasp_asi: [ASI01, ASI03]
#     owasp_mcp: [MCP02]
#     maestro: [L3, L6]
#     nist: [AI-RMF-GOVERN, CSF-PR]
package countersign.rule.issue.outside

import data.countersign.lib.finding
import data.countersign.lib.issuing

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"outside": finding.bounded(_outside)}) if {
	issuing.of_asker != set()
	issuing.covering == set()
}

# What the nearest rule lacks; it may be the time alone.
_outside := _named if _named != []

_outside := ["seconds"] if _named == []

default _named := []

_named := sorted[0][1] if {
	sorted := sort([[count(rule.outside), rule.outside] |
		some rule in issuing.of_asker
		is_array(rule.outside)
	])
	count(sorted) > 0
}
