/** What is known of the workflow of one query, from what is kept: as of the moment in which it is asked. */
import type { VerifiedWorkflow } from '../contract/verified-workflow.ts'
import { taintFacets, type Conduct, type Spent, type WorkflowBasis } from '../contract/workflow.ts'
import type { Taint } from '../contract/verified-workflow.ts'
import { lately, windowKey, type Lately } from './initiator-window.ts'
import type { WorkflowMemory } from './workflow-memory.ts'
import {
  addSpent,
  joinTaint,
  nothingSpent,
  type DoneCall,
  type TaintCauses,
  type WorkflowState,
} from './workflow-state.ts'

/** Which workflow a query belongs to, and how that was found out. */
export type WorkflowRef = {
  /** The one that the decision is recorded in. */
  readonly id: string
  readonly basis: WorkflowBasis
  /** The workflow that the first call of all came from; null: this one. */
  readonly root: string | null
  readonly depth: number
  /** The decision that it comes from; null: none. */
  readonly parent: string | null
  readonly project: string
  /** Pseudonym of the initiator. */
  readonly subject: string | null
  readonly inherited: VerifiedWorkflow['inherited']
}

export type WorkflowSeen = {
  readonly taint: readonly Taint[]
  readonly spent: Spent
  readonly servers: readonly string[]
  readonly purpose: { readonly code: string } | null
  readonly done: readonly DoneCall[]
  readonly leaves: number
  readonly unreported: number
}

/** What the asked capability must come after, by its server and key there. */
export type Before = { readonly server: string; readonly key: string }

/** @param now seconds since the epoch */
export function seenOf(memory: WorkflowMemory, ref: WorkflowRef, now: number): WorkflowSeen {
  const window = lately(memory.windows.get(windowKey(ref.project, ref.subject)), now)
  if (ref.basis === 'inferred') return ofWindow(window, window.isUnknown)
  if (ref.basis === 'unknown') return ofWindow(window, true)
  const states = [ref.basis === 'known' ? ref.id : null, ref.root]
    .map((id) => (id === null ? undefined : memory.workflows.get(id)))
    .filter((state) => state !== undefined)
  return ofStates(states, window)
}

function ofWindow(window: Lately, isUnknown: boolean): WorkflowSeen {
  const { taint, spent, servers } = window
  return {
    taint: taintFacets
      .filter((facet) => isUnknown || taint[facet] !== undefined)
      .map((facet) => ({ decisions: [...(taint[facet] ?? [])], facet, inferred: true }))
      .sort(byFacet),
    ...{ spent, servers },
    ...{ purpose: null, done: [], leaves: 0, unreported: 0 },
  }
}

/** @param states its own, if it has any, and that of the workflow which the first call of all came from */
function ofStates(states: readonly WorkflowState[], window: Lately): WorkflowSeen {
  const own = states[0] ?? nothingYet
  const root = states.at(-1) ?? nothingYet
  const taint = states.reduce<TaintCauses>((all, state) => joinTaint(all, state.taint), {})
  const isUnknown = window.isUnknown || own.isUnknown || root.isUnknown
  return {
    taint: taintFacets
      .map((facet) => ({ facet, causes: taint[facet] ?? window.taint[facet] }))
      .filter(({ causes }) => isUnknown || causes !== undefined)
      .map(({ facet, causes = [] }) => ({
        ...{ decisions: [...causes], facet },
        inferred: taint[facet] === undefined,
      }))
      .sort(byFacet),
    ...{ spent: root.spent, servers: root.servers },
    purpose: own.purpose ?? root.purpose,
    done: states.flatMap(({ done }) => done),
    ...{ leaves: own.leaves, unreported: own.open.length },
  }
}

const nothingYet: Omit<WorkflowSeen, 'taint' | 'unreported'> &
  Pick<WorkflowState, 'isUnknown' | 'open'> = {
  ...{ isUnknown: false, spent: nothingSpent, servers: [], purpose: null },
  ...{ open: [], done: [], leaves: 0 },
}

function byFacet(a: Taint, b: Taint): number {
  return a.facet < b.facet ? -1 : 1
}

/** As policy is told; members stand in the order of canonical JSON. @param before what the asked capability must come after */
export function verifiedWorkflow(
  ref: WorkflowRef,
  seen: WorkflowSeen,
  { cost }: Pick<Conduct, 'cost'>,
  before: readonly Before[],
): VerifiedWorkflow {
  return {
    basis: ref.basis,
    depth: ref.depth,
    done: seen.done
      .filter((call) =>
        before.some(({ server, key }) => call.server === server && call.key === key),
      )
      .map(({ at, id, key, server }) => ({ at, decision_id: id, key, server })),
    first_purpose: seen.purpose,
    id: ref.id,
    inherited: [...ref.inherited],
    position: seen.leaves,
    reaches: addSpent(seen.spent, cost),
    servers: [...seen.servers],
    spent: seen.spent,
    taint: [...seen.taint],
    unreported: seen.unreported,
  }
}
