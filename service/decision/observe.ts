/**
 * Whether a judged denial or hold is answered with a permit, because the tenant's signed registry observes it.
 *
 * Pure, and closed by default: only findings of a coherent policy result can be set aside, and one finding that
 * cannot be leaves the whole judgement as it is. Faults and gaps never come here.
 */
import type { Observation, Observed } from '../contract/observation.ts'
import type { Finding, PolicyResult } from '../contract/policy-result.ts'
import type { Registry } from '../contract/registry.ts'
import { limits } from '../contract/limits.ts'

const none: readonly Observation[] = []

/**
 * Entries that are in force at a time in seconds, and concern a server. None for a grant: what is issued would stand when
 * nothing is observed any more.
 */
export function observationsFor(
  { observe }: Registry,
  { server, kind }: { readonly server: string; readonly kind: string },
  now: number,
): readonly Observation[] {
  if (kind === 'grant') return none
  if (observe === undefined || observe.length === 0) return none
  return observe.filter((entry) => isInForce(entry, now) && concerns(entry, server))
}

/** One that would last longer than it may is never in force, rather than cut: its owner should notice. */
export function isInForce(entry: Observation, now: number): boolean {
  return entry.not_before <= now && now < entry.expires_at && !lastsTooLong(entry)
}

export function lastsTooLong({ not_before: from, expires_at: end }: Observation): boolean {
  return !(end - from <= limits.observationSeconds)
}

function concerns(entry: Observation, serverId: string): boolean {
  return !('server' in entry) || entry.server === serverId
}

/**
 * Who somebody is, which workload answers, which gateway asks, and what an operator has stopped is never only
 * observed: without it nobody could say whom an observed permit was given to. Nor is what a rule itself
 * keeps out (`observable: false` in its METADATA).
 */
export function isObservable({ code, rule, severity, observable }: Finding): boolean {
  const isReserved = reserved.some((area) => code.startsWith(area) || rule.startsWith(area))
  return observable !== false && severity !== 'critical' && !isReserved
}

const reserved = ['identity.', 'tenant.', 'stop.', 'policy.', 'engine.']

/**
 * @param entries those in force for the server of the question.
 * @returns null when the judgement stands: it permits, or not all that speaks against it may be set aside.
 */
export function observe(result: PolicyResult, entries: readonly Observation[]): Observed | null {
  if (entries.length === 0 || result.effect === 'permit') return null
  const standing = result.findings.filter((finding) => finding.waived_by === undefined)
  // A denial without a finding that denies says nothing of why: it may be what must never be observed.
  if (!standing.some(({ effect }) => effect === result.effect)) return null
  if (!standing.every(isObservable)) return null
  const by = widest(entries) ?? ofRules(standing, result, entries)
  return by === null ? null : observedOf(result, by)
}

/** The one entry that covers all findings, whatever they are: a server's before the tenant's. */
function widest(entries: readonly Observation[]): readonly Observation[] | null {
  const found =
    entries.find(({ scope }) => scope === 'server') ??
    entries.find(({ scope }) => scope === 'tenant')
  return found === undefined ? null : [found]
}

/**
 * Without the observed findings, deny still beats hold beats permit, and a permit still needs its ground. What
 * then is left to hold was denied as a whole, and says nothing of whom to ask: the judgement stands.
 */
function ofRules(
  standing: readonly Finding[],
  { grounds }: PolicyResult,
  entries: readonly Observation[],
): readonly Observation[] | null {
  const covering = standing.map(({ code }) =>
    entries.find((entry) => entry.scope === 'rule' && entry.code === code),
  )
  const found = covering.filter((entry) => entry !== undefined)
  return grounds.length > 0 && found.length === standing.length ? [...new Set(found)] : null
}

function observedOf({ effect, hold }: PolicyResult, by: readonly Observation[]): Observed {
  const ends = Math.min(...by.map((entry) => entry.expires_at))
  return {
    judged_effect: effect,
    answered_effect: 'permit',
    expires_at: new Date(ends * 1000).toISOString(),
    by: by.map(({ id, scope, owner }) => ({ id, scope, owner })),
    ...(effect === 'hold' && hold !== undefined ? { hold } : {}),
  }
}
