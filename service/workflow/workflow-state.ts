/** What is kept of one workflow: values that are replaced and never changed, and bounded whatever it does. */
import type { DecisionLeaf } from '../contract/leaf.ts'
import { limits } from '../contract/limits.ts'
import { taintFacets, type Spent, type TaintFacet } from '../contract/workflow.ts'

/** Decisions that brought each facet, the first few; a facet that is not there has not happened. */
export type TaintCauses = Readonly<Partial<Record<TaintFacet, readonly string[]>>>

/** A permitted call whose outcome is not reported. */
export type OpenCall = { readonly id: string; readonly server: string; readonly key: string }

/** A capability that was executed: by which decision, and when it was reported, in seconds. */
export type DoneCall = OpenCall & { readonly at: number }

export type WorkflowState = {
  /** Index of the last leaf that it took in: leaves come in order, and one that comes again changes nothing. */
  readonly at: number
  /** Leaves. */
  readonly leaves: number
  readonly project: string
  /** Pseudonym of the initiator that it was given to. */
  readonly subject: string | null
  /** The workflow that the first call of all came from; null: this one. */
  readonly root: string | null
  readonly depth: number
  /** The decision that it came from; null: none. */
  readonly parent: string | null
  /** Nobody knows what happened before. */
  readonly isUnknown: boolean
  readonly taint: TaintCauses
  readonly spent: Spent
  readonly servers: readonly string[]
  /** Of the first permit. */
  readonly purpose: { readonly code: string } | null
  readonly open: readonly OpenCall[]
  readonly done: readonly DoneCall[]
}

export const nothingSpent: Spent = { calls: 0, tokens: 0, rounds: 0, units: 0 }

/** A workflow before its first leaf. */
export function newWorkflow({
  project,
  sub,
  conduct,
}: Pick<DecisionLeaf, 'project' | 'sub' | 'conduct'>): WorkflowState {
  return {
    ...{ at: -1, leaves: 0, project, subject: sub },
    ...{ root: conduct?.root ?? null, parent: conduct?.parent ?? null, depth: conduct?.depth ?? 0 },
    isUnknown: conduct === undefined || conduct.basis === 'unknown',
    ...{ taint: {}, spent: nothingSpent, servers: [], purpose: null, open: [], done: [] },
  }
}

export function addSpent(a: Spent, b: Spent): Spent {
  return {
    calls: a.calls + b.calls,
    tokens: a.tokens + b.tokens,
    rounds: a.rounds + b.rounds,
    units: a.units + b.units,
  }
}

/** Both, the first causes first; of each facet no more than are named. */
export function joinTaint(a: TaintCauses, b: TaintCauses): TaintCauses {
  // Most calls bring nothing new: then nothing is made anew.
  if (taintFacets.every((facet) => addsNothing(a[facet] ?? [], b[facet] ?? []))) return a
  const joined = taintFacets.flatMap((facet) => {
    const causes = [...new Set([...(a[facet] ?? []), ...(b[facet] ?? [])])]
    return causes.length === 0 ? [] : [[facet, causes.slice(0, limits.taintCauses)] as const]
  })
  return Object.fromEntries(joined)
}

function addsNothing(causes: readonly string[], others: readonly string[]): boolean {
  return causes.length >= limits.taintCauses || others.every((cause) => causes.includes(cause))
}

/** A facet goes with the last decision that is named for it. */
export function withoutCause(taint: TaintCauses, decision: string): TaintCauses {
  const left = taintFacets.flatMap((facet) => {
    const causes = taint[facet] ?? []
    // A full list may have left some out: then it is not known that this was the last one.
    if (causes.length >= limits.taintCauses || !causes.includes(decision))
      return causes.length === 0 ? [] : [[facet, causes] as const]
    const others = causes.filter((cause) => cause !== decision)
    return others.length === 0 ? [] : [[facet, others] as const]
  })
  return Object.fromEntries(left)
}

/** The last so many, each once. */
export function withLast<T>(
  all: readonly T[],
  item: T,
  most: number,
  isSame: (a: T, b: T) => boolean,
): readonly T[] {
  return [...all.filter((other) => !isSame(other, item)), item].slice(-most)
}
