# METADATA
# title: Purpose drifted
# description: >-
#   The workflow began for another purpose than the one that this question is asked for.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: workflow.purpose_drift
#   severity: medium
#   effect: deny
#   waivable: true
#   rationale: >-
#     A hijacked goal shows as a change of purpose in the middle of a task.
#   remediation: Begin a workflow of its own for the other purpose.
#   mapping:
#     owasp_asi: [ASI01, ASI10]
#     owasp_mcp: [MCP06]
#     maestro: [L3, L6]
#     nist: [AI-RMF-MANAGE, CSF-PR]
package countersign.rule.workflow.purpose_drift

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"first": _first}) if not _steady

_steady if input.verified.workflow.first_purpose == null

_steady if input.verified.workflow.first_purpose.code == input.attested.purpose.code

default _first := null

_first := input.verified.workflow.first_purpose.code
