/**
 * The one loop of every source: look, offer what is new, wait, look again. Waits are random within the
 * configured delays, so that many services do not ask at once; failures double the wait from 100 ms.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { BundleSource, Offer, SourceStatus } from '../../port/bundle-source.ts'
import type { Clock } from '../../port/clock.ts'

/** What one look found: a new state, or that the one offered last still stands. */
export type Seen = Offer | 'unchanged'

export type Look = (
  /** The version that was offered last; null before the first. */
  before: string | null,
  signal: AbortSignal,
) => Promise<Seen>

export type LoopOptions = {
  readonly kind: SourceStatus['kind']
  /** Without credentials. */
  readonly location: string
  readonly look: Look
  readonly clock: Clock
  /** Milliseconds between two looks that succeed: a uniform choice. */
  readonly delays: () => readonly [minimum: number, maximum: number]
  /** Milliseconds: the longest wait after failures. */
  readonly mostBackOff: number
  /** Calls back when a look is worth its while before the delay is over; gives the way to stop that. */
  readonly watch?: (wake: () => void) => () => void
  /** From 0 to 1; a test's own where its outcome must be known. */
  readonly random?: () => number
}

const firstBackOff = 100

export function keepLooking(options: LoopOptions): BundleSource {
  const { kind, location, clock, random = Math.random } = options
  const ending = new AbortController()
  const state = { version: null as string | null, confirmedAt: null as number | null }
  let failures = 0
  let error: string | null = null
  let wake = new AbortController()
  let loop: Promise<void> = Promise.resolve()
  let stopWatching = (): void => undefined

  async function once(offer: (offer: Offer) => Promise<void>, confirm: () => void): Promise<void> {
    try {
      const seen = await options.look(state.version, ending.signal)
      failures = 0
      error = null
      state.confirmedAt = clock.now()
      if (seen === 'unchanged') confirm()
      else {
        state.version = seen.version
        await offer(seen)
      }
    } catch (cause) {
      if (ending.signal.aborted) return
      failures += 1
      error = cause instanceof Error ? cause.message : String(cause)
    }
  }

  async function run(offer: (offer: Offer) => Promise<void>, confirm: () => void): Promise<void> {
    while (!ending.signal.aborted) {
      wake = new AbortController()
      await once(offer, confirm)
      const signal = AbortSignal.any([wake.signal, ending.signal])
      await pause(waitOf(), undefined, { signal }).catch(() => undefined)
    }
  }

  function waitOf(): number {
    if (failures > 0) {
      const most = Math.min(options.mostBackOff, firstBackOff * 2 ** (failures - 1))
      return most * (0.5 + random() / 2)
    }
    const [minimum, maximum] = options.delays()
    return minimum + random() * (maximum - minimum)
  }

  return {
    start(offer, confirm) {
      stopWatching =
        options.watch?.(() => {
          wake.abort()
        }) ?? stopWatching
      loop = run(offer, confirm)
    },
    status: () => ({ kind, location, ...state, failures, error }),
    async close() {
      ending.abort()
      stopWatching()
      await loop
    },
  }
}

/** Milliseconds, from what a source is configured with (OPA's own defaults: 60 to 120 s). */
export function delaysOf(config: {
  readonly min_delay_seconds?: number
  readonly max_delay_seconds?: number
}): readonly [number, number] {
  const minimum = config.min_delay_seconds ?? Math.min(60, config.max_delay_seconds ?? 60)
  const maximum = Math.max(minimum, config.max_delay_seconds ?? Math.max(120, minimum))
  return [minimum * 1000, maximum * 1000]
}
