// The state of a tenant's policy, for people.

import { scopeOf } from '../../service/flow/policy-state.ts'
import type { PolicyHistory, PolicyState, StoredSet } from '../../service/contract/policy-state.ts'

export function describeState(state: PolicyState): string {
  const { tenant, active, pin, stale, observing, sources, refused } = state
  const lines = [
    `tenant   ${tenant}`,
    ...(active === null ? ['active   none: everything is denied'] : describeActive(active)),
    ...(stale ? ['stale    yes: decisions deny with policy.stale'] : []),
    ...observing.map(
      (entry) =>
        `observe  ${entry.id}: ${scopeOf(entry)} until ${instant(entry.expires_at)}, owner ${entry.owner}: ${entry.reason}`,
    ),
    ...(pin === null
      ? []
      : [`pinned   by ${pin.by} at ${instant(pin.at)} (${pin.kind}): ${pin.reason}`]),
    ...sources.map(({ kind, location, confirmed_at: at, failures, error }) =>
      failures === 0
        ? `source   ${kind} ${location}: answered ${at ?? 'never'}`
        : `source   ${kind} ${location}: failed ${String(failures)} times (${error ?? ''}), answered ${at ?? 'never'}`,
    ),
    ...(refused === null
      ? []
      : [
          `refused  ${refused.digest} at ${refused.at}: ${refused.reasons.join(', ')}\n         ${refused.message}`,
        ]),
  ]
  return lines.join('\n')
}

function describeActive(set: StoredSet): string[] {
  return [
    `active   ${set.digest}`,
    `revision ${set.revision}, since ${instant(set.activated_at)}`,
    ...set.bundles.map(
      ({ name, digest, sequence, signed_by: key, roots }) =>
        `bundle   ${name}: sequence ${String(sequence)}, signed by ${key}, owns ${roots.join(', ') || 'everything'}, ${digest}`,
    ),
  ]
}

export function describeHistory({ sets, pin }: PolicyHistory): string {
  if (sets.length === 0) return 'No set was activated yet.'
  return sets
    .map(({ digest, revision, first_activated_at: first, activated_at: last }) => {
      const mark = pin?.digest === digest ? '  pinned' : ''
      return `${instant(first)}  ${digest}  ${revision}, last activated ${instant(last)}${mark}`
    })
    .join('\n')
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
