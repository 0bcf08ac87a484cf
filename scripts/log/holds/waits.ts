// Times of waiting, and how dense they lie.

/** In seconds: half of them, nine of ten, and all, were no longer. */
export interface Waits {
  readonly p50: number
  readonly p90: number
  readonly max: number
}

/** Null for none. */
export function waitsOf(seconds: readonly number[]): Waits | null {
  const sorted = seconds.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0
  return sorted.length === 0 ? null : { p50: at(0.5), p90: at(0.9), max: at(1) }
}

/** The most that lie within any 3600 s. @param times seconds, in their order */
export function mostInAnHour(times: readonly number[]): number {
  let first = 0
  let most = 0
  for (const [last, time] of times.entries()) {
    while ((times[first] ?? time) <= time - 3600) first += 1
    most = Math.max(most, last - first + 1)
  }
  return most
}
