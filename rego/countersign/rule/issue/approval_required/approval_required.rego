# METADATA
# title: Grant needs approval
# description: >-
#   The issuing rule has every grant approved by people.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: issue.approval_required
#   severity: medium
#   effect: hold
#   hold: approval
#   waivable: false
#   observable: false
#   rationale: >-
#     A grant decides beforehand what many calls may do; where that is much, one person does not decide it alone.
#   remediation: Have the grant approved by the group that is named.
#   mapping:
#     owasp_asi: [ASI01, ASI03]
#     owasp_mcp: [MCP02]
#     maestro: [L3, L6]
#     nist: [AI-RMF-GOVERN, CSF-PR]
package countersign.rule.issue.approval_required

import data.countersign.lib.approval
import data.countersign.lib.finding
import data.countersign.lib.issuing

_chain := rego.metadata.chain()

findings contains finding.new(_chain, _first) if {
	issuing.covering != set()
	not _free
	not approval.covers(_first)
}

# One rule that asks nobody is enough; else the first demand, so that it is the same each time.
_free if {
	some rule in issuing.covering
	rule.approval == null
}

default _first := {}

_first := sort([rule.approval | some rule in issuing.covering])[0]
