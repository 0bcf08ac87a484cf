// Text of a log for a terminal: whoever wrote the log may have written control characters into it.

const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const most = 1000

export function printable(text: string): string {
  const shown = text.length > most ? `${text.slice(0, most)}…` : text
  return shown.replace(
    unprintable,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}

/** Seconds since the epoch as RFC 3339. */
export function instantText(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime())
    ? `second ${String(seconds)}`
    : date.toISOString().replace('.000Z', 'Z')
}
