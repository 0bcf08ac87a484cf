# METADATA
# title: A change without a ticket
# description: >-
#   The capability changes something, and the purpose that was issued names no ticket.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: team.ticket_required
#   severity: medium
#   effect: deny
#   waivable: true
#   rationale: >-
#     Whoever looks into a change later must find out what it was for.
#   remediation: >-
#     Ask for a purpose grant whose ref is the ticket, as T-4711.
package countersign.rule.team.ticket_required

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"ref": object.get(input, ["attested", "purpose", "ref"], null)}) if {
	input.question.phase == "request"
	_changes
	not _has_ticket
}

_changes if "modifies_downstream" in input.registry.capability.effects

_has_ticket if startswith(input.attested.purpose.ref, "T-")
