/** How long an answer may be kept, by the word of its server. */

/** Seconds of Cache-Control (RFC 9111 section 5.2.2); null when it says nothing; what may not be stored is old at once. */
export function maxAgeOf(header: string | null): number | null {
  const directives = (header ?? '').toLowerCase()
  if (/\bno-(?:store|cache)\b/.test(directives)) return 0
  const [, seconds] = /\bmax-age="?(\d{1,9})\b/.exec(directives) ?? []
  return seconds === undefined ? null : Number(seconds)
}
