# METADATA
# title: Grant refused
# description: >-
#   A person was asked for this very grant and said no; until that request has run out the answer stands.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: issue.approval_denied
#   severity: high
#   effect: deny
#   waivable: false
#   observable: false
#   rationale: >-
#     A refusal that only leads to the next request wears people down until one of them consents.
#   remediation: Ask for another grant, or talk with whoever refused and ask again once the request has run out.
#   mapping:
#     owasp_asi: [ASI01, ASI03]
#     owasp_mcp: [MCP02]
#     maestro: [L3, L6]
#     nist: [AI-RMF-GOVERN, CSF-PR]
package countersign.rule.issue.approval_denied

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"approval": _id}) if not _unrefused

# What does not say that nobody refused is taken for a refusal.
_unrefused if input.attested.approval == null

_unrefused if input.attested.approval.status in {"pending", "approved"}

default _id := null

_id := input.attested.approval.id
