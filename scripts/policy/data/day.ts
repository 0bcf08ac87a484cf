// A day as people write it.

/** UTC, as `2030-01-01`. @param seconds since the epoch */
export function dayOf(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.valueOf()) ? String(seconds) : date.toISOString().slice(0, 10)
}
