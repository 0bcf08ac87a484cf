/** Opens the source that a trust anchor names: in the configuration, in a file, or at a URL. */
import { readFile } from 'node:fs/promises'
import type { Clock } from '../../port/clock.ts'
import { fetchKeySet, type Fetched } from './fetch-key-set.ts'
import { discoverKeySet } from './discover.ts'
import { parseKeySet, readKeySet, type KeySetReading } from './key-set.ts'
import { createKeySource, type KeySource, type KeySourceNotice } from './key-source.ts'
import type { TrustAnchor } from './trust-anchor.ts'

export type SourceOptions = {
  readonly clock: Clock
  readonly changed: () => void
  readonly observe: (notice: KeySourceNotice) => void
  readonly fetch?: (url: string, internal: boolean) => Promise<Fetched>
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
    load: loaderOf(anchor, options),
  })
}

async function loadFile(path: string): Promise<Fetched> {
  return { bytes: await readFile(path), maxAgeSeconds: fileSeconds }
}

/** How the bytes of a source that changes are had. */
function loaderOf({ from, issuer }: TrustAnchor, options: SourceOptions): () => Promise<Fetched> {
  const { fetch = fetchKeySet } = options
  if ('file' in from) return () => loadFile(from.file)
  const internal = 'internal' in from && from.internal
  if ('url' in from) return () => fetch(from.url, internal)
  const hosts = 'discovery' in from ? (from.discovery.hosts ?? []) : []
  return () => discoverKeySet({ issuer, hosts, internal }, fetch)
}

/** What stands in the configuration does not change while we run. */
function fixedSource(reading: KeySetReading): KeySource {
  const nothing = async (): Promise<void> => {
    await Promise.resolve()
  }
  return {
    current: () => (reading.ok ? reading.value : null),
    refresh: nothing,
    settled: nothing,
    demand: nothing,
    failure: () => (reading.ok ? null : reading.reason),
    close: () => undefined,
  }
}
