# METADATA
# title: Send out of a tainted workflow, for a person to decide
# description: >-
#   Private data was read and untrusted content was seen in this workflow; the tenant has a person decide
#   whether something may be sent out of it.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: workflow.tainted_send_held
#   severity: high
#   effect: hold
#   hold: approval
#   waivable: false
#   rationale: >-
#     Whether what is about to leave is what its owner wants, nobody can tell but a person who sees it, and
#     what came before.
#   remediation: Have the very call approved; the page shows what was read and seen.
#   mapping:
#     owasp_asi: [ASI01, ASI09]
#     owasp_mcp: [MCP06, MCP10]
#     maestro: [L3, L6]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.workflow.tainted_send_held

import data.countersign.lib.approval
import data.countersign.lib.capability
import data.countersign.lib.finding
import data.countersign.lib.workflow

_chain := rego.metadata.chain()

findings contains finding.new(_chain, object.union(
	capability.approvers,
	{"taint": finding.bounded(workflow.causes)},
)) if {
	workflow.tainted
	workflow.sends
	workflow.held
	not approval.covers(capability.approvers)
}
