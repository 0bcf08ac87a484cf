# METADATA
# title: Initiator lacks the group
# description: The initiator is in none of the groups that may use the capability.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: capability.group_missing
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: A purpose says what for, a group says who; a grant does not make anybody a member.
#   remediation: Ask the owner of the server for membership of one of the groups.
#   mapping:
#     owasp_asi: [ASI03]
#     owasp_mcp: [MCP02]
#     maestro: [L6]
#     nist: [AI-RMF-GOVERN, CSF-PR]
package countersign.rule.capability.group_missing

import data.countersign.lib.capability
import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"groups": object.get(input, ["registry", "capability", "groups"], null)}) if {
	capability.known
	not capability.group_held
}
