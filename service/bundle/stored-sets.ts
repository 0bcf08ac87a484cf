/**
 * Which sets of bundles were good, in the order of their activation, which one is pinned, and how far
 * the sequence of each root has come. Pure: every change gives a new state.
 */
import type { Digest } from '../contract/digest.ts'
import type { Pin, StoreState, StoredBundle, StoredSet } from '../contract/policy-state.ts'
import { digestOf } from '../statement/digest.ts'

export const emptyStore: StoreState = Object.freeze({
  v: 1,
  sets: [],
  active: null,
  pin: null,
  floors: {},
  confirmed_at: null,
})

/** Names a set of tarballs, in any order. */
export function digestOfSet(digests: readonly Digest[]): Digest {
  return digestOf('bundle-set', [...digests].sort())
}

/** The set that was activated last. */
export function lastActivated(state: StoreState): StoredSet | null {
  return state.active === null ? null : findSet(state, state.active)
}

/** The set that was released before the one that was activated last. */
export function previousSet(state: StoreState): StoredSet | null {
  const at = state.sets.findIndex((set) => set.digest === state.active)
  return state.sets[at - 1] ?? null
}

export function findSet(state: StoreState, digest: string): StoredSet | null {
  return state.sets.find((set) => set.digest === digest) ?? null
}

export type Activated = {
  readonly digest: Digest
  readonly revision: string
  readonly bundles: readonly StoredBundle[]
  /** Seconds since the epoch. */
  readonly now: number
}

/** @param keep sets that stay at hand; the pinned one and the active one stay in any case. */
export function withActivated(
  state: StoreState,
  { digest, revision, bundles, now }: Activated,
  keep: number,
): { readonly state: StoreState; readonly set: StoredSet } {
  const at = state.sets.findIndex((set) => set.digest === digest)
  const set: StoredSet = {
    digest,
    revision,
    first_activated_at: state.sets[at]?.first_activated_at ?? now,
    activated_at: now,
    bundles: [...bundles],
  }
  const sets = at === -1 ? [...state.sets, set] : state.sets.with(at, set)
  const needed = [digest, state.pin?.digest]
  const kept = sets.filter((one, i) => i >= sets.length - keep || needed.includes(one.digest))
  const floors = raised(state.floors, bundles)
  return { state: { ...state, sets: kept, active: digest, floors }, set }
}

export function withPin(state: StoreState, pin: Pin | null): StoreState {
  return { ...state, pin }
}

/** @param confirmedAt milliseconds since the epoch */
export function withConfirmed(state: StoreState, confirmedAt: number): StoreState {
  return { ...state, confirmed_at: confirmedAt }
}

/** A rollback activates an older set and lowers nothing. */
function raised(
  floors: StoreState['floors'],
  bundles: readonly StoredBundle[],
): StoreState['floors'] {
  const next = { ...floors }
  for (const { roots, sequence } of bundles)
    for (const root of roots) next[root] = Math.max(next[root] ?? 0, sequence)
  return next
}
