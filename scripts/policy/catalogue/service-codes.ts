// The codes that no rule gives: the service's own denials and the reasons for which a bundle is refused. Each
// record is typed by the contract's list, so that a new code does not compile until it is said what it means.

import { engineFaults, type EngineFault } from '../../../service/contract/reason-code.ts'
import {
  evidenceFailures,
  type EvidenceSlot,
  type GapCode,
} from '../../../service/contract/reason-code.ts'
import { bundleRefusals } from '../../../service/bundle/refusal.ts'
import type { Entry } from './entry.ts'
import { evidenceTexts } from './evidence-texts.ts'
import { refusalTexts } from './refusal-texts.ts'
import type { Text } from './text.ts'

const engineTexts: Readonly<Record<EngineFault, Text>> = {
  'engine.no_policy': [
    'No bundle with a policy is active.',
    'Release a signed bundle to a source of the tenant.',
  ],
  'engine.timeout': [
    'The policy took longer than it may.',
    'Find the slow rule with `countersign policy test`, or raise the limit.',
  ],
  'engine.memory': [
    'The policy needed more memory than it may have.',
    'Shrink the data, or raise the limit.',
  ],
  'engine.trap': [
    'The policy stopped with an error.',
    'Ask the same question under `countersign policy test`; two values of one rule are the usual cause.',
  ],
  'engine.undefined': [
    'The policy has no decision.',
    'Give the entrypoint a value for every input.',
  ],
  'engine.malformed': [
    'The decision is not of the contract.',
    'Compare what the policy gives with the schema of a policy result.',
  ],
  'engine.too_large': [
    'The question or the answer is larger than it may be.',
    'Ask with less, or bound what rules put into parameters.',
  ],
  'engine.unavailable': [
    'No worker was free in time.',
    'Give the policy more workers, or ask less at once.',
  ],
}

type OtherGap = Exclude<GapCode, `${EvidenceSlot}.${string}`>

const lift = 'Ask whoever set it; it is lifted as it was set.'

function stopped(what: string): string {
  return `A kill switch is set for the ${what}.`
}

const gapTexts: Readonly<Record<OtherGap, Text>> = {
  'purpose.wider_than_parent': [
    'The grant that is asked for gives more than the one that it is to be narrowed from.',
    'Ask for what lies inside the parent, or for a grant without one.',
  ],
  'purpose.chain_too_long': [
    'The grant would be narrowed from one that was narrowed from another, too many times.',
    'Narrow it from an earlier grant of the chain.',
  ],
  'purpose.spent_meanwhile': [
    'What was left of the grant was used while the question was judged.',
    'Have another grant issued.',
  ],
  'purpose.standing_many': [
    'Several standing grants of the registry fit, and the question does not say which.',
    'State the code of the purpose, or send a grant.',
  ],
  'approval.used': [
    'The approval was used, taken back or refused while the question was judged.',
    'Ask again: another approval is asked for.',
  ],
  'approval.meanwhile': [
    'The same was asked for, or refused, while the question was judged.',
    'Ask again: it joins what was asked for.',
  ],
  'approval.too_many': [
    'More is asked for on behalf of this initiator than people have answered.',
    'Wait until it is answered or has run out; what was refused or taken back counts to the end of its time.',
  ],
  'approval.store_full': [
    'More approvals are asked for than are kept.',
    'Answer or take back what waits, or ask less.',
  ],
  'workflow.meanwhile': [
    'Other calls of the same workflow kept making it worse while the question was judged.',
    'Ask again, with fewer questions of one workflow at once.',
  ],
  'workflow.answered': [
    'The question was answered otherwise while this answer was judged.',
    'Send one answer to one question; a question that is asked again may be answered again.',
  ],
  'leaf.too_large': [
    'The entry of the log would be larger than it may be.',
    'Ask with shorter identifiers.',
  ],
  'log.unwitnessed': [
    'The log has lacked the quorum of its witnesses for longer than it may, or a witness disputes it.',
    'Look at /readyz: restore the witnesses, or find out which of the two logs is the fork.',
  ],
  'policy.stale': [
    'The sources of policy have not answered for longer than they may.',
    'Restore a source, or look at `countersign bundle status`.',
  ],
  'stop.tenant': [stopped('tenant'), lift],
  'stop.server': [stopped('server'), lift],
  'stop.agent': [stopped('agent'), lift],
  'stop.initiator': [stopped('initiator'), lift],
  'stop.capability': [stopped('capability'), lift],
  'stop.pep': [stopped('gateway'), lift],
  'stop.meanwhile': [
    'A kill switch was set while the question was judged.',
    'Ask again: the answer will name it.',
  ],
}

const slots = ['initiator', 'server', 'grant'] as const satisfies readonly EvidenceSlot[]

const evidence = groupOf('evidence', {
  rationale:
    'Evidence that does not verify is no evidence: nothing is decided on what somebody merely says.',
  mapping: {
    owasp_asi: ['ASI03'],
    owasp_mcp: ['MCP07'],
    maestro: ['L6'],
    nist: ['AI-RMF-GOVERN', 'CSF-PR'],
  },
})
const engine = groupOf('engine', {
  rationale: 'A policy that could not be asked has not permitted.',
  mapping: { owasp_asi: ['ASI08'], maestro: ['L4', 'L5'], nist: ['AI-RMF-MANAGE', 'CSF-RS'] },
})
const gap = groupOf('gap', {
  rationale: 'What would be decided without a fact that it needs is denied.',
  mapping: { owasp_asi: ['ASI08'], maestro: ['L5'], nist: ['AI-RMF-MEASURE', 'CSF-DE'] },
})
const bundle = groupOf('bundle', {
  rationale:
    'Policy is taken whole, signed and newer, or not at all; what decided before goes on deciding.',
  mapping: {
    owasp_asi: ['ASI04'],
    owasp_mcp: ['MCP04'],
    maestro: ['L7'],
    nist: ['AI-RMF-MAP', 'CSF-ID'],
  },
})
const decision = groupOf('decision', {
  rationale: 'A permit names what it rests on.',
  mapping: {
    owasp_asi: ['ASI02'],
    owasp_mcp: ['MCP02'],
    maestro: ['L6'],
    nist: ['AI-RMF-GOVERN', 'CSF-PR'],
  },
})

/** In the order in which the catalogue shows them. */
export const serviceEntries: readonly Entry[] = [
  decision('decision.no_ground', [
    'No rule speaks against the question, and none for it.',
    'Ask for a registered capability inside an issued grant.',
  ]),
  decision('rule.unnamed', [
    'A rule found something and its METADATA has no code.',
    'Give the rule a code.',
  ]),
  ...evidenceFailures.flatMap((failure) =>
    slots.map((slot) => evidence(`${slot}.${failure}`, evidenceTexts[failure])),
  ),
  ...Object.entries(gapTexts).map(([code, text]) => gap(code, text)),
  ...engineFaults.map((code) => engine(code, engineTexts[code])),
  ...bundleRefusals.map((code) => bundle(code, refusalTexts[code])),
]

function groupOf(
  kind: Entry['kind'],
  shared: Pick<Entry, 'rationale' | 'mapping'>,
): (code: string, text: Text) => Entry {
  return (code, [description, remediation]) => ({
    ...{ code, kind, title: description.replace(/\.$/u, ''), description },
    ...{
      effect: kind === 'bundle' ? 'refuse' : 'deny',
      severity: kind === 'bundle' ? null : 'critical',
    },
    ...{ hold: null, waivable: false, observable: false, remediation, ...shared },
  })
}
