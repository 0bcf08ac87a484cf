/** An instant as a person or a program writes it: RFC 3339 `date-time`, nothing looser. */

const written =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/u

/** Seconds since the epoch, rounded down; null when the text is no instant. A leap second is none (POSIX has none). */
export function readInstant(text: string): number | null {
  const [, year, month, day] = written.exec(text) ?? []
  if (year === undefined) return null
  // A date that does not exist, such as 30 February, would be taken for another one.
  const named = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  const exists = named.getUTCMonth() + 1 === Number(month) && named.getUTCDate() === Number(day)
  const milliseconds = exists ? Date.parse(text.toUpperCase()) : NaN
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000)
}
