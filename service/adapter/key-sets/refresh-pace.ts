/** When a key set is asked for again, in milliseconds: often enough that two missed answers break nothing. */

/** How soon the next load is, and how long the last good one counts. */
export type RefreshPace = {
  /** @param asked seconds that the publisher would have us wait; null where it does not say */
  readonly afterSuccess: (asked: number | null) => number
  /** @param failures in a row, at least one */
  readonly afterFailure: (failures: number) => number
  /** The age at which a set no longer counts. */
  readonly tooOld: number
}

const second = 1000
const shortest = 30 * second
const longest = 3600 * second
const usual = 300 * second
const firstRetry = 5 * second
const usualTooOld = 3600 * second

/** A wait may be a tenth shorter, so that many sources and many of us do not ask at one moment; never longer. */
const jitter = 0.1

/** @param random in [0, 1) */
export function refreshPace(
  tooOld: number = usualTooOld,
  random: () => number = Math.random,
): RefreshPace {
  const atMost = Math.max(shortest, Math.min(longest, tooOld / 3))
  const drawn = (wait: number): number => Math.floor(wait * (1 - jitter * random()))
  return {
    afterSuccess: (asked) => {
      const wait = asked === null ? usual : asked * second
      return drawn(Math.min(Math.max(wait, shortest), atMost))
    },
    afterFailure: (failures) => drawn(Math.min(firstRetry * 2 ** (failures - 1), usual, atMost)),
    tooOld,
  }
}
