/**
 * What one initiator did in one project lately, over all workflows: what a query without an id is judged by.
 *
 * Kept in slices of some minutes, so that it is bounded and what is old falls away; a slice counts as long as any part of it
 * lies inside the window.
 */
import { limits } from '../contract/limits.ts'
import type { Spent } from '../contract/workflow.ts'
import {
  addSpent,
  joinTaint,
  nothingSpent,
  withoutCause,
  type TaintCauses,
} from './workflow-state.ts'

type Slice = {
  /** Seconds since the epoch. */
  readonly from: number
  readonly isUnknown: boolean
  readonly taint: TaintCauses
  readonly spent: Spent
  readonly servers: readonly string[]
}

export type InitiatorWindow = {
  /** Index of the last leaf that it took in. */
  readonly at: number
  /** In the order of time. */
  readonly slices: readonly Slice[]
}

export const emptyWindow: InitiatorWindow = { at: -1, slices: [] }

export type Lately = Omit<Slice, 'from'>

/** One key for one initiator of one project; those who are not known are one. */
export function windowKey(project: string, subject: string | null): string {
  return JSON.stringify([project, subject])
}

/** All that lies inside the window. @param now seconds since the epoch */
export function lately(window: InitiatorWindow | undefined, now: number): Lately {
  const slices = window === undefined ? [] : window.slices.filter((slice) => counts(slice, now))
  return {
    isUnknown: slices.some(({ isUnknown }) => isUnknown),
    taint: slices.reduce<TaintCauses>((taint, slice) => joinTaint(taint, slice.taint), {}),
    spent: slices.reduce((spent, slice) => addSpent(spent, slice.spent), nothingSpent),
    servers: [...new Set(slices.flatMap(({ servers }) => servers))].slice(-limits.workflowServers),
  }
}

/** @param at index of the leaf; @param now its time */
export function withConduct(
  window: InitiatorWindow,
  did: Lately,
  at: number,
  now: number,
): InitiatorWindow {
  const from = now - (now % limits.inferredSliceSeconds)
  const kept = window.slices.filter((slice) => counts(slice, now))
  const last = kept.at(-1)
  const isLast = last?.from === from
  const slice = isLast ? joined(last, did) : { ...did, from }
  return { at, slices: [...(isLast ? kept.slice(0, -1) : kept), slice] }
}

export function withoutDecision(
  window: InitiatorWindow,
  decision: string,
  at: number,
): InitiatorWindow {
  const slices = window.slices.map((slice) => ({
    ...slice,
    taint: withoutCause(slice.taint, decision),
  }))
  return { at, slices }
}

function joined(slice: Slice, did: Lately): Slice {
  return {
    from: slice.from,
    isUnknown: slice.isUnknown || did.isUnknown,
    taint: joinTaint(slice.taint, did.taint),
    spent: addSpent(slice.spent, did.spent),
    servers: [...new Set([...slice.servers, ...did.servers])].slice(-limits.workflowServers),
  }
}

function counts({ from }: Slice, now: number): boolean {
  return from + limits.inferredSliceSeconds > now - limits.inferredSeconds
}
