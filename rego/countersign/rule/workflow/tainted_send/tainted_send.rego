# METADATA
# title: Send out of a tainted workflow
# description: >-
#   Private data was read and untrusted content was seen in this workflow, and now something would be sent
#   out of it.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: workflow.tainted_send
#   severity: critical
#   effect: deny
#   waivable: false
#   rationale: >-
#     Each call alone is harmless; together they let a text that a stranger wrote carry private data to that
#     stranger.
#   remediation: >-
#     Begin a workflow that reads only one of the two, or have the tenant let such sends be held
#     for a person.
#   mapping:
#     owasp_asi: [ASI01, ASI02]
#     owasp_mcp: [MCP06, MCP10]
#     maestro: [L3, L6]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.workflow.tainted_send

import data.countersign.lib.finding
import data.countersign.lib.workflow

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"taint": finding.bounded(workflow.causes)}) if {
	workflow.tainted
	workflow.sends
	not workflow.held
}
