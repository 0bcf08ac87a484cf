/** Leaves of decisions and outcomes, with what a fold over workflows reads of them. */
import type { DecisionLeaf, Leaf } from '../../service/contract/leaf.ts'
import type { Conduct, TaintFacet } from '../../service/contract/workflow.ts'

export const alice = `hmac:${'a'.repeat(64)}`
export const bob = `hmac:${'b'.repeat(64)}`

export type Step = {
  readonly workflow?: string
  readonly sub?: string
  readonly project?: string
  readonly server?: string
  readonly key?: string
  readonly effect?: 'permit' | 'deny' | 'hold'
  readonly phase?: DecisionLeaf['phase']
  readonly taint?: readonly TaintFacet[]
  readonly cost?: Partial<Conduct['cost']>
  readonly basis?: Conduct['basis']
  readonly root?: string
  /** Seconds after the first. */
  readonly at?: number
  readonly purpose?: string
}

export const start = 1_900_000_200

const usual = {
  ...{ workflow: 'wf_1', sub: alice, project: 'p', server: 's', key: 'tool:x', effect: 'permit' },
  ...{ phase: 'request', taint: [], cost: {}, basis: 'known', purpose: 'c' },
} as const

export function decided(index: number, step: Step = {}): Leaf {
  const { root, at = index, ...given } = step
  const all = { ...usual, ...given }
  const { workflow, sub, project, server, key, effect, phase, taint, cost, basis, purpose } = all
  return {
    ...{ kind: 'decision', index, jti: `dec_${index}`, iat: start + at },
    ...{ sub, project, phase, effect, workflow: { id: workflow, seq: 0, prev: null } },
    ...{ capability: { kind: 'tool', server, key }, purpose: { code: purpose, grant_id: 'g' } },
    conduct: {
      ...{ basis, depth: root === undefined ? 0 : 1, taint: [...taint] },
      ...(root === undefined ? {} : { root }),
      cost: { calls: phase === 'request' ? 1 : 0, tokens: 0, rounds: 0, units: 0, ...cost },
    },
  } as unknown as Leaf
}

export function reported(
  index: number,
  decision: number,
  event: Record<string, unknown> = { status: 'executed' },
  workflow = 'wf_1',
): Leaf {
  return {
    ...{ kind: 'outcome', index, jti: `out_${decision}`, iat: start + index },
    event: { decision_id: `dec_${decision}`, ...event },
    workflow: { id: workflow, seq: 1, prev: null },
  } as unknown as Leaf
}
