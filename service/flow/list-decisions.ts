/** Reads decisions back in the order of the log, a bounded page at a time; a place in the log stands for ever. */
import type { DecisionList, ListedDecision } from '../contract/decision-list.ts'
import type { Reason } from '../contract/decision.ts'
import type { VerifiedInitiator } from '../contract/policy-input.ts'
import { PdpError } from '../contract/error-code.ts'
import { limits } from '../contract/limits.ts'
import { answeredEffect } from '../contract/observation.ts'
import type { AuditLog, DecisionFilter } from '../port/audit-log.ts'
import { isDecision, partsOf, type RecordedDecision } from './answer.ts'

export type ListAsked = {
  /** Seconds since the epoch: none that is older. */
  readonly since: number | null
  /** Seconds since the epoch: none of that time, and none that is younger. */
  readonly until: number | null
  /** The place of the last entry that was read. */
  readonly after: number | null
  /** All of it must hold; nothing for every decision. */
  readonly filter: DecisionFilter
}

type Listed = Omit<DecisionList, 'tenant'>
type Page = Omit<Listed, 'index'>
type ListedLog = Pick<AuditLog, 'entries' | 'select' | 'first' | 'size' | 'indexed'>

/** @throws PdpError `invalid_request` for a place that the log has not reached. */
export async function listDecisions(asked: ListAsked, audit: ListedLog): Promise<Listed> {
  const { since, until, after, filter } = asked
  const size = audit.size()
  const indexed = Math.min(audit.indexed(), size)
  if (after !== null && after >= size) {
    throw new PdpError(
      'invalid_request',
      'The log has not come so far: send `next` of an earlier page as `after`.',
    )
  }
  // What was pruned is not listed, and the page says where the log begins.
  const first = audit.first()
  const place = Math.max(first, after === null ? 0 : after + 1)
  const from = since === null ? place : await firstSince(since, place, size, audit)
  const to = until === null ? size : await firstSince(until, from, size, audit)
  const page =
    Object.keys(filter).length === 0
      ? await everyDecision(from, to, audit)
      : await someDecisions(filter, from, to, audit)
  return { ...page, index: { first, size: indexed, lag: size - indexed } }
}

async function everyDecision(from: number, to: number, audit: ListedLog): Promise<Page> {
  const entries = await audit.entries(from, Math.min(limits.listedEntries, to - from))
  const end = from + entries.length
  return {
    decisions: entries.filter(isDecision).map(listedDecision),
    next: end < to ? String(end - 1) : null,
  }
}

async function someDecisions(
  filter: DecisionFilter,
  from: number,
  to: number,
  audit: ListedLog,
): Promise<Page> {
  const { decisions, next } = await audit.select(filter, from, to)
  return {
    decisions: decisions.filter(isDecision).map(listedDecision),
    next: next === null ? null : String(next - 1),
  }
}

/** The first entry from `place` on that is not older. Time never goes back in a log, so halves can be left out. */
export async function firstSince(
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

/** @param recorded what was disclosed beside it is null when it has been erased, or is not at hand */
export function listedDecision({
  leaf,
  disclosed,
}: Pick<RecordedDecision, 'leaf' | 'disclosed'>): ListedDecision {
  const { capability, purpose } = leaf
  const { input, reasons } = partsOf({ disclosed })
  const initiator = input?.verified?.initiator
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
    agents: initiator === undefined ? null : agentsOf(initiator),
    effect: answeredEffect(leaf),
    judged_effect: leaf.effect,
    codes: [...new Set(leaf.reasons.map(({ code }) => code))],
    waived_by: reasons === undefined ? null : waivedBy(reasons),
    observed_by: (leaf.observed?.by ?? []).map(({ id }) => id),
  }
}

function waivedBy(reasons: readonly Reason[]): string[] {
  const all = reasons.map(({ params }) => params['waived_by'])
  return [...new Set(all.filter((id) => typeof id === 'string'))]
}

function agentsOf(initiator: VerifiedInitiator): NonNullable<ListedDecision['agents']> {
  const { iss, client_id: client, delegation } = initiator
  const actors = delegation.map((actor) => ({ iss: actor.iss ?? iss, client_id: actor.sub }))
  const all = client === null ? actors : [{ iss, client_id: client }, ...actors]
  return [...new Map(all.map((one) => [JSON.stringify([one.iss, one.client_id]), one])).values()]
}
