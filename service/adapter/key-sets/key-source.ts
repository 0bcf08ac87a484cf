/**
 * One key set that is kept fresh: loaded in the background, used while it is young enough.
 *
 * A load that succeeds always wins: a key that is gone is revoked. While loads fail, the last good set
 * serves until it is too old; then there are no keys. All loads of a source share one flight.
 */
import type { Clock } from '../../port/clock.ts'
import type { Fetched } from './fetch-key-set.ts'
import type { KeySet, KeySetReading } from './key-set.ts'

/** What an operator should hear of; never a key and never a token. */
export type KeySourceNotice = {
  readonly event:
    'loaded' | 'load_failed' | 'too_old' | 'entry_ignored' | 'kid_reused' | 'sequence_reused'
  readonly detail: string
}

export type KeySourceOptions = {
  readonly load: () => Promise<Fetched>
  readonly read: (bytes: Uint8Array) => KeySetReading
  readonly clock: Clock
  /** The keys are others than before. */
  readonly changed: () => void
  readonly observe: (notice: KeySourceNotice) => void
}

export interface KeySource {
  /** The set to use now; null when there is none, or only one that is too old. */
  current(): KeySet | null
  /** Loads now, or waits for the load that is under way. Never rejects. */
  refresh(): Promise<void>
  /** Waits for a load that is under way. */
  settled(): Promise<void>
  /** A key is missing: loads now, at most once in 30 seconds, and gives how that ended. */
  demand(): Promise<void>
  /** Why there are no keys, or why they are not fresh; null when they are. */
  failure(): string | null
  close(): void
}

const seconds = 1000
const shortest = 30 * seconds
const longest = 3600 * seconds
const usual = 300 * seconds
const tooOld = 3600 * seconds
const firstRetry = 5 * seconds

/** Starts its first load at once. */
export function createKeySource(options: KeySourceOptions): KeySource {
  const { clock, changed, observe } = options
  let set: KeySet | null = null
  let sequence: bigint | null = null
  let loadedAt = 0
  let demandedAt = Number.NEGATIVE_INFINITY
  let failures = 0
  let failure: string | null = 'it was not loaded yet'
  let flight: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const current = (): KeySet | null => {
    if (set === null || clock.now() - loadedAt <= tooOld) return set
    observe({ event: 'too_old', detail: failure ?? 'it was not loaded in time' })
    set = null
    changed()
    return null
  }

  const take = (next: KeySet): void => {
    if (sequence !== null && next.sequence !== null && next.sequence < sequence) {
      throw new Error('spiffe_sequence went backwards: an old bundle is served')
    }
    for (const notice of noticesOf(set, next)) observe(notice)
    const isOther = set?.fingerprint !== next.fingerprint
    set = next
    sequence = next.sequence ?? sequence
    loadedAt = clock.now()
    if (isOther) changed()
  }

  const attempt = async (): Promise<number> => {
    try {
      const { bytes, maxAgeSeconds } = await options.load()
      const reading = options.read(bytes)
      if (!reading.ok) throw new Error(reading.reason)
      if (!closed) take(reading.value)
      failures = 0
      failure = null
      return waitAfter(reading.value.refreshSeconds ?? maxAgeSeconds)
    } catch (error) {
      failures += 1
      failure = error instanceof Error ? error.message : 'it cannot be loaded'
      observe({ event: 'load_failed', detail: failure })
      current()
      return Math.min(firstRetry * 2 ** (failures - 1), usual)
    }
  }

  const refresh = (): Promise<void> => {
    flight ??= attempt().then((wait) => {
      flight = null
      clearTimeout(timer)
      if (!closed) timer = setTimeout(() => void refresh(), wait).unref()
    })
    return flight
  }

  void refresh()
  return {
    current,
    refresh,
    settled: async () => {
      await flight
    },
    demand: async () => {
      if (flight !== null) {
        await flight
        return
      }
      if (closed || clock.now() - demandedAt < shortest) return
      demandedAt = clock.now()
      await refresh()
    },
    failure: () => failure,
    close: () => {
      closed = true
      clearTimeout(timer)
    },
  }
}

function waitAfter(asked: number | null): number {
  return Math.min(Math.max(asked === null ? usual : asked * seconds, shortest), longest)
}

function noticesOf(old: KeySet | null, next: KeySet): readonly KeySourceNotice[] {
  const notices: KeySourceNotice[] = []
  if (old?.fingerprint === next.fingerprint) return notices
  notices.push({ event: 'loaded', detail: `${String(next.keys.size)} keys` })
  for (const detail of next.ignored) notices.push({ event: 'entry_ignored', detail })
  for (const [kid, { key }] of next.keys) {
    const before = old?.keys.get(kid)
    if (before !== undefined && before.key.thumbprint !== key.thumbprint) {
      notices.push({ event: 'kid_reused', detail: kid })
    }
  }
  if (old !== null && next.sequence !== null && next.sequence === old.sequence) {
    notices.push({ event: 'sequence_reused', detail: String(next.sequence) })
  }
  return notices
}
