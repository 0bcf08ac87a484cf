# METADATA
# title: Granted
# description: >-
#   A registered capability of a registered server, inside an issued purpose grant of this initiator, who is in
#   one of its groups.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: capability.granted
#   effect: permit
#   rationale: A permit names what it rests on. Nothing that a rule forgets to forbid is thereby allowed.
#   remediation: >-
#     Register the server and the capability, put the initiator into one of its groups, and send a purpose grant that
#     is in force: issued to this initiator, for a registered purpose, and listing the capability.
#   mapping:
#     owasp_asi: [ASI01, ASI02]
#     owasp_mcp: [MCP02]
#     maestro: [L6]
#     nist: [AI-RMF-GOVERN, CSF-PR]
package countersign.ground.capability.granted

import data.countersign.lib.capability
import data.countersign.lib.grant
import data.countersign.lib.server

# Written out, and not read from METADATA, because every permit pays for it.
grounds contains {"code": "capability.granted", "rule": "capability.granted"} if {
	server.registered
	capability.known
	grant.registered
	grant.begun
	grant.unexpired
	grant.for_initiator
	grant.covers
	capability.group_held
}
