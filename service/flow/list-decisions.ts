/** Reads decisions back in the order of the log, a bounded page at a time; a place in the log stands for ever. */
import type { DecisionList, ListedDecision } from '../contract/decision-list.ts'
import { PdpError } from '../contract/error-code.ts'
import { limits } from '../contract/limits.ts'
import { answeredEffect } from '../contract/observation.ts'
import type { AuditLog } from '../port/audit-log.ts'
import { isDecision, type RecordedDecision } from './answer.ts'
import type { DisclosedDecision } from './draft-decision.ts'

export type ListAsked = {
  /** Seconds since the epoch: none that is older. */
  readonly since: number | null
  /** The place of the last entry that was read. */
  readonly after: number | null
}

/** @throws PdpError `invalid_request` for a place that the log has not reached. */
export async function listDecisions(
  { since, after }: ListAsked,
  audit: Pick<AuditLog, 'entries' | 'size'>,
): Promise<Omit<DecisionList, 'tenant'>> {
  const size = audit.size()
  if (after !== null && after >= size) {
    throw new PdpError(
      'invalid_request',
      'The log has not come so far: send `next` of an earlier page as `after`.',
    )
  }
  const place = after === null ? 0 : after + 1
  const from = since === null ? place : await firstSince(since, place, size, audit)
  const entries = await audit.entries(from, limits.listedEntries)
  const end = from + entries.length
  return {
    decisions: entries.filter(isDecision).map(listed),
    next: end < size ? String(end - 1) : null,
  }
}

/** The first entry from `place` on that is not older. Time never goes back in a log, so halves can be left out. */
async function firstSince(
  since: number,
  place: number,
  size: number,
  audit: Pick<AuditLog, 'entries'>,
): Promise<number> {
  const isOlder = async (at: number): Promise<boolean> => {
    const [entry] = await audit.entries(at, 1)
    return entry !== undefined && entry.leaf.iat < since
  }
  // A page behind the first begins where it may.
  if (place >= size || !(await isOlder(place))) return place
  let [low, high] = [place + 1, size]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (await isOlder(middle)) low = middle + 1
    else high = middle
  }
  return low
}

function listed({ leaf, disclosed }: RecordedDecision): ListedDecision {
  const { capability, purpose } = leaf
  return {
    index: leaf.index,
    decision_id: leaf.jti,
    at: new Date(leaf.iat * 1000).toISOString(),
    pep: leaf.aud,
    environment: leaf.environment,
    phase: leaf.phase,
    kind: capability.kind,
    server: capability.server,
    capability: capability.key,
    purpose,
    agents: disclosed === null ? null : agentsOf(disclosed as DisclosedDecision),
    effect: answeredEffect(leaf),
    judged_effect: leaf.effect,
    codes: [...new Set(leaf.reasons.map(({ code }) => code))],
  }
}

function agentsOf({ input }: DisclosedDecision): NonNullable<ListedDecision['agents']> {
  const { iss, client_id: client, delegation } = input.verified.initiator
  const actors = delegation.map((actor) => ({ iss: actor.iss ?? iss, client_id: actor.sub }))
  const all = client === null ? actors : [{ iss, client_id: client }, ...actors]
  return [...new Map(all.map((one) => [JSON.stringify([one.iss, one.client_id]), one])).values()]
}
