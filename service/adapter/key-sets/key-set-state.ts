/** What an operator may know of a key set: public names and times, never a key. */
import type { KeySetState } from '../../contract/trust-state.ts'
import { discoveryUrl } from './discover.ts'
import type { KeySource } from './key-source.ts'
import type { TrustAnchor } from './trust-anchor.ts'

export function keySetStateOf(
  { issuer, kinds, from }: TrustAnchor,
  source: KeySource,
): KeySetState {
  const set = source.current()
  const { fetchedAt, usableUntil, failures } = source.freshness()
  return {
    issuer,
    kinds: [...kinds],
    ...placeOf(from, issuer),
    usable: set !== null,
    kids: [...(set?.keys.keys() ?? [])],
    authorities: set?.authorities.length ?? 0,
    sequence: set?.sequence?.toString() ?? null,
    fetched_at: instant(fetchedAt),
    usable_until: instant(usableUntil),
    failures,
    error: source.failure(),
  }
}

function placeOf(
  from: TrustAnchor['from'],
  issuer: string,
): Pick<KeySetState, 'source' | 'location'> {
  if ('inline' in from) return { source: 'inline', location: null }
  if ('file' in from) return { source: 'file', location: from.file }
  if ('discovery' in from) return { source: 'discovery', location: discoveryUrl(issuer) }
  const source = 'endpoint_spiffe_id' in from ? 'https_spiffe' : 'url'
  return { source, location: from.url }
}

function instant(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString()
}
