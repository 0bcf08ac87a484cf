# METADATA
# title: Workflow that is not known
# description: >-
#   The query names a workflow that was not given to this initiator in this project, and would do more than
#   look.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: workflow.unknown_handle
#   severity: high
#   effect: deny
#   waivable: false
#   rationale: >-
#     A workflow id is a name and no capability; whoever makes one up, or has another's, must not lose what
#     was done before.
#   remediation: Send the id that an answer gave to this initiator, or none.
#   mapping:
#     owasp_asi: [ASI03, ASI01]
#     owasp_mcp: [MCP07]
#     maestro: [L3, L6]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.workflow.unknown_handle

import data.countersign.lib.finding
import data.countersign.lib.workflow

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {}) if not _named

_named if input.verified.workflow.basis in {"known", "child", "inferred"}

# Everything may have happened in it, which is held against a send anyway.
_named if {
	input.verified.workflow.basis == "unknown"
	workflow.looks
}
