# METADATA
# title: Items that a list may not show
# description: Of a list that a server gives, the items that the gateway must drop before the client sees them.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: supply.list_filter
#   effect: oblige
#   rationale: >-
#     What a list shows, a model reads and may call. Names that nobody registered, that stand twice, that belong
#     to another server, or whose text is not the reviewed one, must not get that far.
#   remediation: Register and review the items, or leave the gateway to drop them.
#   mapping:
#     owasp_asi: [ASI04, ASI02]
#     owasp_mcp: [MCP03, MCP09]
#     maestro: [L3, L7]
#     nist: [AI-RMF-MAP, CSF-DE]
package countersign.obligation.supply.list_filter

obligations contains {"id": "supply.list_filter", "type": "filter_list", "properties": {"drop": _drop}} if {
	_is_list
	count(_drop) > 0
}

_is_list if {
	input.question.kind == "list"
	input.question.phase == "result"
}

# Where it stands, not what it is called: an obligation is in the log, and names are the server's text.
_drop := [{"index": object.get(item, "index", null), "member": object.get(item, "member", null), "reasons": reasons} |
	some item in input.question.list
	reasons := [reason |
		some reason in ["unregistered", "duplicate", "shadowing", "unreviewed", "drifted", "hidden_text"]
		not _passes(item, reason)
	]
	count(reasons) > 0
]

_passes(item, "unregistered") if item.registered == true

_passes(item, "duplicate") if item.occurrences == 1

_passes(item, "shadowing") if item.shadows == []

_passes(item, "unreviewed") if is_string(item.pinned_digest)

_passes(item, "unreviewed") if item.kind == "resource"

_passes(item, "drifted") if item.pinned_digest == item.definition_digest

_passes(item, "drifted") if item.pinned_digest == null

_passes(item, "hidden_text") if item.hidden_text == false
