/** Opens the source that a trust anchor names: in the configuration, in a file, or at a URL. */
import { readFile } from 'node:fs/promises'
import { parseWorkloadId } from '../../identity/spiffe-id.ts'
import { canonicalJson } from '../../statement/canonical-json.ts'
import { hexDigest } from '../../statement/digest.ts'
import type { Clock } from '../../port/clock.ts'
import { discoverKeySet } from './discover.ts'
import { spiffeReach, webReach } from './endpoint-trust.ts'
import { fetchKeySet, type Fetch, type Fetched } from './fetch-key-set.ts'
import { keepSet, type SetKeeper } from './kept-set.ts'
import type { KeySourceNotice } from './key-set-notice.ts'
import { parseKeySet, readKeySet, type KeySet, type KeySetReading } from './key-set.ts'
import { createKeySource, type KeySource } from './key-source.ts'
import { refreshPace } from './refresh-pace.ts'
import type { TrustAnchor } from './trust-anchor.ts'

export type SourceOptions = {
  readonly clock: Clock
  readonly changed: () => void
  readonly observe: (notice: KeySourceNotice) => void
  /** Where what was fetched survives a restart; null: nowhere. */
  readonly directory: string | null
  /** What another trust domain of the tenant lets its X509-SVIDs chain to. */
  readonly authoritiesOf: (trustDomain: string) => Promise<readonly Uint8Array[] | null>
  readonly fetch?: Fetch
  /** In [0, 1). */
  readonly random?: () => number
}

/** A file is read again this often, so that whatever rotates it need not tell us. */
const fileSeconds = 30

export function openSource(anchor: TrustAnchor, options: SourceOptions): KeySource {
  const { from, form, algorithms } = anchor
  if ('inline' in from) return fixedSource(readKeySet(from.inline, form, algorithms))
  return createKeySource({
    clock: options.clock,
    changed: options.changed,
    observe: options.observe,
    read: (bytes) => parseKeySet(bytes, form, algorithms),
    pace: paceOf(anchor, options),
    keeper: keeperOf(anchor, options),
    load: loaderOf(anchor, options),
  })
}

async function loadFile(path: string): Promise<Fetched> {
  return { bytes: await readFile(path), maxAgeSeconds: fileSeconds }
}

function paceOf({ from }: TrustAnchor, { random }: SourceOptions): ReturnType<typeof refreshPace> {
  const seconds = 'max_stale_seconds' in from ? from.max_stale_seconds : undefined
  return refreshPace(seconds === undefined ? undefined : seconds * 1000, random)
}

/** A file is on disk as it is. What was fetched is kept for this anchor and from this place alone. */
function keeperOf({ from, issuer, kinds }: TrustAnchor, options: SourceOptions): SetKeeper | null {
  if ('inline' in from || 'file' in from || options.directory === null) return null
  const name = `${hexDigest('SHA-256', canonicalJson([issuer, kinds])).slice(0, 32)}.json`
  const { max_stale_seconds: _, ...place } = from
  return keepSet(options.directory, name, canonicalJson({ issuer, ...place }))
}

/** How the bytes of a source that changes are had. */
function loaderOf(
  { from, issuer }: TrustAnchor,
  { fetch = fetchKeySet, authoritiesOf }: SourceOptions,
): (latest: KeySet | null) => Promise<Fetched> {
  if ('inline' in from) throw new Error('what stands in the configuration is not loaded')
  if ('file' in from) return () => loadFile(from.file)
  if ('discovery' in from) {
    const { hosts = [] } = from.discovery
    return async () => discoverKeySet({ issuer, hosts, reach: await webReach(from) }, fetch)
  }
  if (!('endpoint_spiffe_id' in from)) return async () => fetch(from.url, await webReach(from))
  const domain = parseWorkloadId(from.endpoint_spiffe_id)?.trustDomain ?? ''
  return async (latest) => {
    const known = domain === issuer ? latest?.authorities : await authoritiesOf(domain)
    return await fetch(from.url, await spiffeReach(from, known ?? null))
  }
}

/** What stands in the configuration does not change while we run. */
function fixedSource(reading: KeySetReading): KeySource {
  const nothing = async (): Promise<void> => {
    await Promise.resolve()
  }
  const set = reading.ok ? reading.value : null
  return {
    current: () => set,
    refresh: nothing,
    settled: nothing,
    demand: nothing,
    failure: () => (reading.ok ? null : reading.reason),
    freshness: () => ({ fetchedAt: null, usableUntil: null, failures: 0 }),
    close: () => undefined,
  }
}
