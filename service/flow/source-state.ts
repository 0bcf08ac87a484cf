/** What is to be said of a source of bundles, and of a set that was refused. */
import type { RefusedState, SourceState } from '../contract/policy-state.ts'
import type { SourceStatus } from '../port/bundle-source.ts'
import type { Refused } from './policy-life.ts'

export function sourceStateOf(status: SourceStatus): SourceState {
  const { kind, location, version, confirmedAt, failures, error } = status
  const confirmed = confirmedAt === null ? null : instant(confirmedAt)
  return { kind, location, version, confirmed_at: confirmed, failures, error }
}

export function refusedStateOf(refused: Refused): RefusedState {
  return { ...refused, at: instant(refused.at), reasons: [...refused.reasons] }
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
