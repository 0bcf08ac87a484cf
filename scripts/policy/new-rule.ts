// The text of a new rule and what tests it. It says nothing of any question yet, and its tests demand that it does.

export interface NewRule {
  readonly area: string
  readonly name: string
  /** The pack maps its rules to the frameworks; a team need not. */
  readonly isTeam: boolean
}

export function codeOf({ area, name }: NewRule): string {
  return `${area}.${name}`
}

export function ruleText(rule: NewRule): string {
  return `# METADATA
# title: ${titleOf(rule)}
# description: >-
#   Say what the question is like that this rule speaks against.
# schemas:
#   - input: schema["policy-input"]
# custom:
#   code: ${codeOf(rule)}
#   severity: medium
#   effect: deny
#   waivable: ${rule.area === 'identity' ? 'false' : 'true'}
#   rationale: >-
#     Say what would happen without it.
#   remediation: >-
#     Say what to change so that it is permitted.
${rule.isTeam ? '' : mapping}package countersign.rule.${rule.area}.${rule.name}

import data.countersign.lib.finding

_chain := rego.metadata.chain()

findings contains finding.new(_chain, {"server": object.get(input, ["question", "server_id"], null)}) if {
	input.question.phase == "request"
	_applies
}

# Negate a helper rule like this one, never a call: what is undefined in a call takes the finding with it.
_applies if input.question.server_id == "the server that this rule is about"
`
}

const mapping = `#   mapping:
#     owasp_asi: [ASI02]
#     maestro: [L3]
#     nist: [AI-RMF-MANAGE]
`

export function testText(rule: NewRule): string {
  return `package countersign.rule.${rule.area}.${rule.name}_test

import data.countersign.lib.fixture_test as fixture
import data.countersign.rule.${rule.area}.${rule.name} as rule

_found(params) := {{
	"code": "${codeOf(rule)}",
	"effect": "deny",
	"severity": "medium",
	"waivable": ${rule.area === 'identity' ? 'false' : 'true'},
	"hold": null,
	"rule": "${rule.area}.${rule.name}",
	"params": params,
}}

test_permit_another_server if {
	rule.findings == set() with input as fixture.changed(fixture.tool, "question/server_id", "another")
}

# It fails until the rule says what it means: change the question so that the rule must speak.
test_deny if {
	rule.findings == _found({"server": "ops"}) with input as fixture.tool
}
`
}

/** Wanted is a denial, and the question is one that is permitted: it fails until the rule is written. */
export function goldenCase(rule: NewRule): object {
  return {
    name: `${rule.name.replaceAll('_', ' ')}, as it should be denied`,
    want: { effect: 'deny', codes: [codeOf(rule)] },
  }
}

function titleOf({ name }: NewRule): string {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
