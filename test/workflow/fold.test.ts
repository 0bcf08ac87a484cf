/** The fold over workflows as a law: for any leaves, in any cut. */
import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Leaf } from '../../service/contract/leaf.ts'
import { taintFacets } from '../../service/contract/workflow.ts'
import { advance } from '../../service/workflow/advance.ts'
import type { InitiatorWindow } from '../../service/workflow/initiator-window.ts'
import type { WorkflowState } from '../../service/workflow/workflow-state.ts'
import type { WorkflowRef } from '../../service/workflow/workflow-facts.ts'
import { seenOf } from '../../service/workflow/workflow-facts.ts'
import { alice, bob, decided, reported, start, type Step } from './leaves.ts'

type Memory = {
  readonly workflows: Map<string, WorkflowState>
  readonly windows: Map<string, InitiatorWindow>
}

const ids = ['wf_a', 'wf_b', 'wf_c'] as const
const step = fc.record<Step>({
  workflow: fc.constantFrom(...ids),
  sub: fc.constantFrom(alice, bob),
  effect: fc.constantFrom('permit', 'permit', 'deny', 'hold'),
  phase: fc.constantFrom('request', 'result', 'input_request'),
  taint: fc.subarray([...taintFacets]),
  basis: fc.constantFrom('known', 'inferred', 'unknown', 'child'),
  root: fc.option(fc.constantFrom(...ids), { nil: undefined }),
  server: fc.constantFrom('s', 't', 'u'),
})
const act = fc.oneof(
  { weight: 3, arbitrary: step },
  fc.record({
    of: fc.nat(40),
    status: fc.constantFrom('executed', 'failed', 'suppressed'),
    workflow: fc.constantFrom(...ids),
  }),
)
const log = fc
  .array(act, { maxLength: 40 })
  .map((acts) =>
    acts.map((one, index) =>
      'of' in one
        ? reported(index, one.of, { status: one.status }, one.workflow)
        : decided(index, one.root === undefined ? { ...one, basis: 'known' } : one),
    ),
  )

const empty = (): Memory => ({ workflows: new Map(), windows: new Map() })
function folded(leaves: readonly Leaf[], from: Memory = empty()): Memory {
  for (const leaf of leaves) advance(from, leaf)
  return from
}
/** As it comes back from a file. */
const saved = ({ workflows, windows }: Memory): Memory => {
  const copy = <V>(map: Map<string, V>): Map<string, V> =>
    new Map(JSON.parse(JSON.stringify([...map])) as [string, V][])
  return { workflows: copy(workflows), windows: copy(windows) }
}
const plain = ({ workflows, windows }: Memory): unknown => [
  Object.fromEntries(workflows),
  Object.fromEntries(windows),
]

it('what was kept after some leaves goes on as if it had never been kept', () => {
  fc.assert(
    fc.property(log, fc.nat(40), (leaves, cut) => {
      const kept = saved(folded(leaves.slice(0, cut)))
      expect(plain(folded(leaves.slice(cut), kept))).toEqual(plain(folded(leaves)))
    }),
    { numRuns: 200 },
  )
})

it('leaves that are read again change nothing', () => {
  fc.assert(
    fc.property(log, fc.nat(40), (leaves, from) => {
      const whole = folded(leaves)
      const before = JSON.stringify(plain(whole))
      expect(JSON.stringify(plain(folded(leaves.slice(from), whole)))).toBe(before)
    }),
    { numRuns: 200 },
  )
})

it('an id that is known never has less taint than the same question without one, lately', () => {
  fc.assert(
    fc.property(
      log,
      fc.constantFrom(...ids),
      fc.constantFrom(alice, bob),
      (leaves, id, subject) => {
        const memory = folded(leaves)
        const now = start + 60
        const ref = (basis: WorkflowRef['basis']): WorkflowRef => ({
          ...{ id, basis, root: null, parent: null, depth: 0, project: 'p', subject },
          inherited: [],
        })
        const facets = (basis: WorkflowRef['basis']): readonly string[] =>
          seenOf(memory, ref(basis), now).taint.map(({ facet }) => facet)
        expect(facets('known')).toEqual(expect.arrayContaining([...facets('inferred')]))
        expect(facets('unknown')).toEqual([...taintFacets].sort())
      },
    ),
    { numRuns: 200 },
  )
})

it('no leaf but a suppressed outcome makes a workflow better', () => {
  fc.assert(
    fc.property(log, (leaves) => {
      const memory = folded([])
      const taintOf = (id: string): readonly string[] =>
        Object.keys(memory.workflows.get(id)?.taint ?? {})
      for (const leaf of leaves) {
        const before = ids.map((id) => taintOf(id))
        advance(memory, leaf)
        const isTaken = leaf.kind === 'outcome' && leaf.event['status'] === 'suppressed'
        for (const [at, id] of ids.entries())
          if (!isTaken) expect(taintOf(id)).toEqual(expect.arrayContaining([...before[at]!]))
      }
    }),
    { numRuns: 200 },
  )
})
