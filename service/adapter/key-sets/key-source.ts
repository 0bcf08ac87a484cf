/**
 * One key set that is kept fresh: loaded in the background, used while it is young enough.
 *
 * A load that succeeds always wins: a key that is gone is revoked. While loads fail, the last good set
 * serves until it is too old; then there are no keys. All loads of a source share one flight.
 */
import { isText } from '../../identity/claim.ts'
import type { Clock } from '../../port/clock.ts'
import type { Fetched } from './fetch-key-set.ts'
import { noticesOf, sizeOf, type KeySourceNotice } from './key-set-notice.ts'
import type { KeySet, KeySetReading } from './key-set.ts'
import type { SetKeeper } from './kept-set.ts'
import type { RefreshPace } from './refresh-pace.ts'

export type KeySourceOptions = {
  /** @param latest the last good set, however old */
  readonly load: (latest: KeySet | null) => Promise<Fetched>
  readonly read: (bytes: Uint8Array) => KeySetReading
  readonly clock: Clock
  readonly pace: RefreshPace
  /** Where the last good set survives a restart; null for a source that is on disk itself. */
  readonly keeper: SetKeeper | null
  /** The keys are others than before. */
  readonly changed: () => void
  readonly observe: (notice: KeySourceNotice) => void
}

export type SourceFreshness = {
  /** Milliseconds since the epoch: when the last good set was fetched; null: none was. */
  readonly fetchedAt: number | null
  /** When it stops counting. */
  readonly usableUntil: number | null
  /** Loads in a row that failed. */
  readonly failures: number
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
  freshness(): SourceFreshness
  close(): void
}

/** Between two loads that a token asked for, in milliseconds: whoever makes up kids gets no more than that. */
const betweenDemands = 30_000

/** What was kept longer than this after now is of no known age: the clock was set back since. */
const clockSkew = 30_000

/** Takes what was kept, and starts its first load at once. */
export function createKeySource(options: KeySourceOptions): KeySource {
  const source = new LoadedKeySource(options)
  void source.refresh()
  return source
}

class LoadedKeySource implements KeySource {
  readonly #options: KeySourceOptions
  /** Which set is the newest that was good, and whether it is young enough to be used. */
  #set: KeySet | null = null
  #isInUse = false
  #sequence: bigint | null = null
  #fetchedAt: number | null = null
  #demandedAt = Number.NEGATIVE_INFINITY
  #failures = 0
  #failure: string | null = 'it was not loaded yet'
  #flight: Promise<void> | null = null
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: KeySourceOptions) {
    this.#options = options
    this.#takeKept()
  }

  current(): KeySet | null {
    if (this.#isInUse && this.#isTooOld()) {
      this.#isInUse = false
      const detail = this.#failure ?? 'it was not loaded in time'
      this.#options.observe({ event: 'too_old', detail })
      this.#options.changed()
    }
    return this.#isInUse ? this.#set : null
  }

  refresh(): Promise<void> {
    this.#flight ??= this.#attempt().then((wait) => {
      this.#flight = null
      clearTimeout(this.#timer)
      if (!this.#closed) this.#timer = setTimeout(() => void this.refresh(), wait).unref()
    })
    return this.#flight
  }

  async settled(): Promise<void> {
    await this.#flight
  }

  async demand(): Promise<void> {
    const { clock } = this.#options
    if (this.#flight !== null) {
      await this.#flight
      return
    }
    if (this.#closed || clock.now() - this.#demandedAt < betweenDemands) return
    this.#demandedAt = clock.now()
    await this.refresh()
  }

  failure(): string | null {
    return this.#failure
  }

  freshness(): SourceFreshness {
    const fetchedAt = this.#fetchedAt
    const usableUntil = fetchedAt === null ? null : fetchedAt + this.#options.pace.tooOld
    return { fetchedAt, usableUntil, failures: this.#failures }
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #isTooOld(): boolean {
    const { clock, pace } = this.#options
    return clock.now() - (this.#fetchedAt ?? Number.NEGATIVE_INFINITY) > pace.tooOld
  }

  /** What is on disk is as old as it is; a file that cannot be used is told, and is as good as none. */
  #takeKept(): void {
    const { keeper, read, observe, clock } = this.#options
    try {
      const kept = keeper?.read() ?? null
      if (kept === null) return
      if (kept.fetchedAt > clock.now() + clockSkew) throw new Error('it is from the future')
      const reading = read(kept.bytes)
      if (!reading.ok) throw new Error(reading.reason)
      this.#set = reading.value
      this.#sequence = kept.sequence
      this.#fetchedAt = kept.fetchedAt
      this.#isInUse = !this.#isTooOld()
      if (this.#isInUse) observe({ event: 'taken_from_disk', detail: sizeOf(reading.value) })
    } catch (error) {
      observe({ event: 'not_kept', detail: reasonOf(error) })
    }
  }

  /** Gives how long to wait for the next attempt. */
  async #attempt(): Promise<number> {
    const { load, read, pace, observe } = this.#options
    try {
      const { bytes, maxAgeSeconds } = await load(this.#set)
      const reading = read(bytes)
      if (!reading.ok) throw new Error(reading.reason)
      if (!this.#closed) this.#take(reading.value)
      this.#failures = 0
      this.#failure = null
      if (!this.#closed) await this.#keep(bytes)
      return pace.afterSuccess(reading.value.refreshSeconds ?? maxAgeSeconds)
    } catch (error) {
      this.#failures += 1
      this.#failure = reasonOf(error)
      observe({ event: 'load_failed', detail: this.#failure })
      this.current()
      return pace.afterFailure(this.#failures)
    }
  }

  #take(next: KeySet): void {
    const { clock, changed, observe } = this.#options
    if (this.#sequence !== null && next.sequence !== null && next.sequence < this.#sequence) {
      throw new Error('spiffe_sequence went backwards: an old bundle is served')
    }
    const before = this.current()
    for (const notice of noticesOf(before, next)) observe(notice)
    this.#set = next
    this.#isInUse = true
    this.#sequence = next.sequence ?? this.#sequence
    this.#fetchedAt = clock.now()
    if (before?.fingerprint !== next.fingerprint) changed()
  }

  /** A disk that does not take it costs what a restart would need, and nothing now. */
  async #keep(bytes: Uint8Array): Promise<void> {
    const { keeper, observe } = this.#options
    try {
      await keeper?.write({ fetchedAt: this.#fetchedAt ?? 0, sequence: this.#sequence, bytes })
    } catch (error) {
      observe({ event: 'not_kept', detail: reasonOf(error) })
    }
  }
}

/** Of whatever was thrown, in whatever realm; several addresses that refuse have a code and no message. */
function reasonOf(error: unknown): string {
  const { message, code } = (error ?? {}) as { readonly message?: unknown; readonly code?: unknown }
  return [message, code].find(isText) ?? 'it cannot be loaded'
}
