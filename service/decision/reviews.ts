/**
 * Which entries people must look at again, and how late that is. It only tells; what is denied is said by policy
 * (`rego/countersign/lib/review`), which draws the same line.
 */
import type { PepRegistration } from '../contract/pep-registration.ts'
import type { Registry } from '../contract/registry.ts'

/** `current`: not yet due; `due`: past its date, people are warned; `overdue`: past the grace too, policy denies. */
export type ReviewState = 'current' | 'due' | 'overdue'

export type Review = {
  readonly entry: 'server' | 'agent' | 'purpose' | 'exception' | 'pep'
  readonly name: string
  readonly owner: string
  /** Seconds since the epoch. */
  readonly review_by: number
  /** The last second at which policy still lets it count. */
  readonly denied_after: number
  readonly state: ReviewState
}

type Accountable = { readonly owner: string; readonly review_by: number }

/** Every entry of a registry and every gateway, those first whose date is first. @param now in seconds */
export function reviewsOf(
  { servers, agents, purposes, exceptions, parameters }: Registry,
  peps: readonly PepRegistration[],
  now: number,
): readonly Review[] {
  const review = (entry: Review['entry'], name: string, { owner, review_by }: Accountable) => {
    const deniedAfter = review_by + parameters.review_grace_seconds
    const state = now > deniedAfter ? 'overdue' : now > review_by ? 'due' : 'current'
    return { entry, name, owner, review_by, denied_after: deniedAfter, state } as const
  }
  const named = (entry: Review['entry'], entries: Readonly<Record<string, Accountable>>) =>
    Object.entries(entries).map(([name, one]) => review(entry, name, one))
  return [
    ...named('server', servers),
    ...named('agent', agents),
    ...named('purpose', purposes),
    ...exceptions.map((exception) => review('exception', exception.id, exception)),
    ...peps.map((pep) => review('pep', pep.client_id, pep)),
  ].toSorted((a, b) => a.review_by - b.review_by)
}

/** One line for people. */
export function reviewLine({ entry, name, owner, review_by, denied_after, state }: Review): string {
  const what = `${words[entry]} ${name} (owner ${owner})`
  if (state === 'current') return `${what} is to be reviewed by ${dayOf(review_by)}`
  const was = `${what} was to be reviewed by ${dayOf(review_by)}`
  const effect = entry === 'exception' ? 'waives nothing' : 'is denied'
  return state === 'due'
    ? `${was}: past ${dayOf(denied_after)} it ${effect}`
    : `${was}: since ${dayOf(denied_after)} it ${effect}`
}

const words = {
  server: 'server',
  agent: 'agent',
  purpose: 'purpose',
  exception: 'exception',
  pep: 'gateway',
} as const

function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/T.*/u, '')
}
