/** What leaves make of workflows, and what is told of them. */
import { describe, expect, it } from '@jest/globals'
import type { Leaf } from '../../service/contract/leaf.ts'
import { limits } from '../../service/contract/limits.ts'
import type { WorkflowMemory } from '../../service/workflow/workflow-memory.ts'
import type { WorkflowRef, WorkflowSeen } from '../../service/workflow/workflow-facts.ts'
import { Workflows } from '../../service/workflow/workflows.ts'
import { alice, bob, decided, reported, start } from './leaves.ts'

function after(...leaves: readonly Leaf[]): Workflows {
  const memory: WorkflowMemory = { workflows: new Map(), windows: new Map() }
  const workflows = new Workflows(memory)
  for (const leaf of leaves) workflows.follow(leaf)
  return workflows
}

const ref = (change: Partial<WorkflowRef> = {}): WorkflowRef => ({
  ...{ id: 'wf_1', basis: 'known', root: null, parent: null, depth: 0 },
  ...{ project: 'p', subject: alice, inherited: [] },
  ...change,
})
const facets = ({ taint }: WorkflowSeen): readonly string[] => taint.map(({ facet }) => facet)
const soon = start + 60
const both = [
  decided(0, { taint: ['private_read'] }),
  decided(1, { taint: ['untrusted_seen'], server: 't' }),
]

describe('a workflow', () => {
  it('has what its permits did, and by which decisions', () => {
    expect(after(...both).seen(ref(), soon)).toMatchObject({
      taint: [
        { facet: 'private_read', decisions: ['dec_0'], inferred: false },
        { facet: 'untrusted_seen', decisions: ['dec_1'], inferred: false },
      ],
      spent: { calls: 2 },
      ...{ servers: ['s', 't'], purpose: { code: 'c' }, leaves: 2, unreported: 2 },
    })
  })

  it('has nothing of what was denied or held', () => {
    const { taint, spent, leaves } = after(
      decided(0, { taint: ['private_read'], effect: 'deny' }),
      decided(1, { taint: ['untrusted_seen'], effect: 'hold' }),
    ).seen(ref(), soon)
    expect({ taint, spent, leaves }).toMatchObject({ taint: [], spent: { calls: 0 }, leaves: 2 })
  })

  it('has what was observed and went ahead', () => {
    const observed = { ...decided(0, { taint: ['sent'], effect: 'deny' }) } as Leaf
    const went = { ...observed, observed: { answered_effect: 'permit' } } as unknown as Leaf
    expect(facets(after(went).seen(ref(), soon))).toEqual(['sent'])
  })

  it('loses what a gateway reports as suppressed, and nothing else', () => {
    const of = (event: Record<string, unknown>): readonly string[] =>
      facets(after(both[0]!, reported(1, 0, event)).seen(ref(), soon))
    expect(of({ status: 'suppressed' })).toEqual([])
    expect(of({ status: 'failed' })).toEqual(['private_read'])
    expect(of({ status: 'executed' })).toEqual(['private_read'])
  })

  it('keeps what more decisions brought than are named, whichever of them is suppressed', () => {
    const most = limits.taintCauses
    const many = Array.from({ length: most + 1 }, (_, i) => decided(i, { taint: ['sent'] }))
    const none = many.map((_, i) => reported(most + 1 + i, i, { status: 'suppressed' }))
    expect(facets(after(...many, ...none).seen(ref(), soon))).toEqual(['sent'])
  })

  it('knows what was executed without an error, and since when', () => {
    const done = (event: Record<string, unknown>) =>
      after(decided(0), reported(1, 0, event)).seen(ref(), soon).done
    expect(done({ status: 'executed' })).toEqual([
      { id: 'dec_0', server: 's', key: 'tool:x', at: start + 1 },
    ])
    expect(done({ status: 'executed', is_error: true })).toEqual([])
    expect(done({ status: 'failed' })).toEqual([])
    expect(after(decided(0)).seen(ref(), soon).done).toEqual([])
  })

  it('is nothing to another initiator or project', () => {
    const workflows = after(...both)
    expect(workflows.find('wf_1', 'p', alice)).not.toBeNull()
    expect(workflows.find('wf_1', 'p', bob)).toBeNull()
    expect(workflows.find('wf_1', 'q', alice)).toBeNull()
    expect(workflows.find('wf_2', 'p', alice)).toBeNull()
  })

  it('is as bad as can be where a leaf does not say what it did', () => {
    const { conduct: _, ...silent } = decided(0) as unknown as Record<string, unknown>
    expect(facets(after(silent as unknown as Leaf).seen(ref(), soon))).toHaveLength(4)
  })
})

describe('what an initiator did lately', () => {
  const inferred = ref({ id: 'wf_new', basis: 'inferred' })

  it('counts where there is no id, over all workflows, and for nobody else', () => {
    const elsewhere = decided(2, { workflow: 'wf_2', taint: ['sent'], sub: bob })
    const workflows = after(...both, elsewhere)
    expect(workflows.seen(inferred, soon)).toMatchObject({
      taint: [{ inferred: true }, { inferred: true }],
      spent: { calls: 2 },
      ...{ purpose: null, done: [] },
    })
    expect(facets(workflows.seen({ ...inferred, subject: bob }, soon))).toEqual(['sent'])
    expect(facets(workflows.seen({ ...inferred, project: 'q' }, soon))).toEqual([])
  })

  it('is forgotten after its time, and not before', () => {
    const workflows = after(...both)
    const { inferredSeconds: window, inferredSliceSeconds: slice } = limits
    expect(facets(workflows.seen(inferred, start + window))).toHaveLength(2)
    expect(facets(workflows.seen(inferred, start + window + slice))).toHaveLength(0)
  })

  it('is taint to a workflow with an id, too: one that was begun before washes nothing off', () => {
    const early = decided(0, { workflow: 'wf_early', basis: 'inferred' })
    const tainted = [
      decided(1, { taint: ['private_read'] }),
      decided(2, { taint: ['untrusted_seen'] }),
    ]
    const seen = after(early, ...tainted).seen(ref({ id: 'wf_early' }), soon)
    expect(seen.taint).toMatchObject([{ inferred: true }, { inferred: true }])
    expect(seen.spent.calls).toBe(1)
  })

  it('stays with a workflow that began without an id, for as long as that lasts', () => {
    const next = decided(2, { workflow: 'wf_next', basis: 'inferred' })
    const later = after(...both, next).seen(ref({ id: 'wf_next' }), start + 86_400)
    expect(facets(later)).toEqual(['private_read', 'untrusted_seen'])
    expect(later.spent.calls).toBe(3)
  })
})

describe('an id that is not known', () => {
  it('is as bad as can be, and tells nothing', () => {
    const seen = after(...both).seen(ref({ id: 'wf_x', basis: 'unknown', subject: bob }), soon)
    expect(seen.taint).toHaveLength(4)
    expect(JSON.stringify(seen)).not.toContain('dec_')
  })

  it('begins a workflow that stays so', () => {
    const seen = after(decided(0, { workflow: 'wf_x', basis: 'unknown' })).seen(
      ref({ id: 'wf_x' }),
      start + 86_400,
    )
    expect(facets(seen)).toHaveLength(4)
  })
})

describe('a call that comes from a call', () => {
  const child = decided(2, {
    ...{ workflow: 'wf_child', basis: 'child', root: 'wf_1', taint: ['sent'], sub: bob },
    cost: { units: 5 },
  })

  it('shares taint and budgets with the workflow that it came from, both ways', () => {
    const workflows = after(...both, child)
    expect(workflows.seen(ref(), soon)).toMatchObject({ spent: { calls: 3, units: 5 } })
    expect(facets(workflows.seen(ref(), soon))).toEqual(['private_read', 'sent', 'untrusted_seen'])
    const own = ref({ id: 'wf_child', root: 'wf_1', depth: 1, subject: bob })
    expect(facets(workflows.seen(own, soon))).toEqual(['private_read', 'sent', 'untrusted_seen'])
    expect(workflows.seen(own, soon).spent).toMatchObject({ calls: 3, units: 5 })
    const next = ref({ id: 'wf_other', basis: 'child', root: 'wf_1', depth: 1, subject: null })
    expect(facets(workflows.seen(next, soon))).toHaveLength(3)
  })

  it('takes its taint back from both when it was suppressed', () => {
    const none = reported(3, 2, { status: 'suppressed' }, 'wf_child')
    const workflows = after(...both, child, none)
    expect(facets(workflows.seen(ref(), soon))).toEqual(['private_read', 'untrusted_seen'])
  })
})

describe('a workflow without end', () => {
  it('is kept in bounded room', () => {
    const leaves = Array.from({ length: 3000 }, (_, i) =>
      i % 3 === 2
        ? reported(i, i - 1)
        : decided(i, { server: `s${i}`, key: `tool:${i}`, taint: ['sent', 'changed'] }),
    )
    const memory = { workflows: new Map<string, never>(), windows: new Map<string, never>() }
    const workflows = new Workflows(memory)
    let most = 0
    for (const [i, leaf] of leaves.entries()) {
      workflows.follow(leaf)
      if (i % 100 === 99) most = Math.max(most, JSON.stringify([...memory.workflows]).length)
    }
    expect(most).toBeLessThan(16_384)
    expect(JSON.stringify([...memory.windows]).length).toBeLessThan(16_384)
  })
})
