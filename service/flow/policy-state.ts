/** What is to be said of a tenant's policy: to its operator, to readiness, and to the metrics. */
import { limits } from '../contract/limits.ts'
import type { PolicyHistory, PolicyState } from '../contract/policy-state.ts'
import type { PepRegistration } from '../contract/pep-registration.ts'
import type { Observation } from '../contract/observation.ts'
import { isInForce, lastsTooLong } from '../decision/observe.ts'
import { emptyRegistry } from '../decision/registry-index.ts'
import { reviewLine, reviewsOf } from '../decision/reviews.ts'
import type { PolicyLife } from './policy-life.ts'
import { refusedStateOf, sourceStateOf } from './source-state.ts'

export function policyStateOf(tenant: string, life: PolicyLife): PolicyState {
  const { store, sources, events } = life.ports
  const { refused } = life
  return {
    tenant,
    active: life.active?.set ?? null,
    pin: store.state().pin,
    stale: life.isStale(events.clock.now()),
    observing: observing(life),
    sources: sources.map((source) => sourceStateOf(source.status())),
    refused: refused === null ? null : refusedStateOf(refused),
  }
}

export function policyHistoryOf(tenant: string, life: PolicyLife): PolicyHistory {
  const { sets, pin } = life.ports.store.state()
  return { tenant, sets, pin }
}

/** Why nothing can be permitted. */
export function policyObstacles(life: PolicyLife): string[] {
  const stale = life.isStale(life.ports.events.clock.now())
  return [
    ...(life.active === null
      ? [`no policy decides: ${whyNone(life)}`]
      : stale
        ? [`the policy is stale: ${silence(life)}`]
        : []),
  ]
}

/** What of the active registry's `observe` is in force now. */
function observing(life: PolicyLife): Observation[] {
  const now = Math.floor(life.ports.events.clock.now() / 1000)
  return (life.engine()?.registry.observe ?? []).filter((entry) => isInForce(entry, now))
}

/** One line for each entry in force, and for each that cannot come into force. */
function observeNotices(life: PolicyLife): string[] {
  const refused = (life.engine()?.registry.observe ?? []).filter(lastsTooLong)
  return [
    ...observing(life).map(
      (entry) =>
        `observe ${entry.id} is on for ${scopeOf(entry)} until ${instant(entry.expires_at * 1000)} (owner ${entry.owner}): denials and holds there are answered with permit`,
    ),
    ...refused.map(
      ({ id }) =>
        `observe ${id} has no effect: it may last ${String(limits.observationSeconds / 86_400)} days at most`,
    ),
  ]
}

/** What an entry covers, in words. */
export function scopeOf(entry: Observation): string {
  if (entry.scope === 'tenant') return 'the whole tenant'
  if (entry.scope === 'server') return `server ${entry.server}`
  return `rule ${entry.code}${entry.server === undefined ? '' : ` at server ${entry.server}`}`
}

/** What is past its review date, the first few by name: readiness is no list of everything. */
function reviewNotices(life: PolicyLife, peps: readonly PepRegistration[]): string[] {
  const registry = life.engine()?.registry ?? emptyRegistry
  const now = Math.floor(life.ports.events.clock.now() / 1000)
  const late = reviewsOf(registry, peps, now).filter(({ state }) => state !== 'current')
  const more = late.length - limits.reviewNotices
  return [
    ...late.slice(0, limits.reviewNotices).map(reviewLine),
    ...(more > 0 ? [`${String(more)} more entries are past their review date`] : []),
  ]
}

/** What an operator should look at; decisions are made all the same. */
export function policyNotices(life: PolicyLife, peps: readonly PepRegistration[]): string[] {
  const { pin } = life.ports.store.state()
  const { refused } = life
  return [
    ...observeNotices(life),
    ...reviewNotices(life, peps),
    ...(pin === null ? [] : [`pinned to ${pin.digest} by ${pin.by}: ${pin.reason}`]),
    ...(refused === null ? [] : [`a newer set was refused: ${refused.message}`]),
    ...life.ports.sources
      .map((source) => source.status())
      .flatMap(({ location, error }) => (error === null ? [] : [`${location}: ${error}`])),
  ]
}

function whyNone(life: PolicyLife): string {
  return life.refused?.message ?? (silence(life) || 'nothing was offered yet')
}

function silence(life: PolicyLife): string {
  return life.ports.sources
    .map((source) => source.status())
    .map(({ location, error }) => `${location} ${error ?? 'has not answered'}`)
    .join('; ')
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
