/** One status list of one issuer: the last good one, and how its fetches went. */
import type { StatusListState } from '../../contract/trust-state.ts'
import type { OpenList } from './open-list.ts'

/** Times are seconds since the epoch. */
export type KeptList = {
  list: OpenList | null
  /** From then on it is fetched anew, beside the questions. */
  refreshAt: number
  /** From then on it does not count. */
  deadAt: number
  /** No fetch before then. */
  restUntil: number
  flight: Promise<void> | null
  /** Fetches in a row that failed, and why the last one did. */
  failures: number
  error: string | null
}

export function newKeptList(): KeptList {
  const none = { list: null, flight: null, error: null }
  return { ...none, refreshAt: 0, deadAt: 0, restUntil: 0, failures: 0 }
}

/** What an operator may know of it: never whose places it has. */
export function stateOfList(
  { list, deadAt, failures, error }: KeptList,
  place: Pick<StatusListState, 'issuer' | 'uri'>,
  now: number,
): StatusListState {
  return {
    ...place,
    usable: list !== null && now < deadAt,
    places: list === null ? null : placesOf(list),
    issued_at: list === null ? null : instant(list.iat),
    usable_until: list === null ? null : instant(deadAt),
    failures,
    error,
  }
}

export function placesOf({ bytes, bits }: OpenList): number {
  return (bytes.length * 8) / bits
}

/** Null: later than any calendar says. */
function instant(seconds: number): string | null {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}
