/** Blocks of PEM (RFC 7468), in the order of their text; what is outside blocks is passed over, as Go does. */

export type PemBlock = {
  /** As in `CERTIFICATE`. */
  readonly label: string
  readonly bytes: Buffer
  /** What stands behind the block. */
  readonly rest: string
}

const begin = /(?:^|\n)-----BEGIN ([^\n]*?)-----[ \t\r]*\n/g

/** The first block that is whole, or null. */
export function readPem(text: string): PemBlock | null {
  for (const { index, 0: line, 1: label = '' } of text.matchAll(begin)) {
    const start = index + line.length
    const end = text.indexOf(`-----END ${label}-----`, start)
    if (end === -1) continue
    const bytes = bytesOf(text.slice(start, end))
    const behind = end + `-----END ${label}-----`.length
    const rest = /^[ \t\r]*(?:\n|$)/.exec(text.slice(behind))
    if (bytes !== null && rest !== null)
      return { label, bytes, rest: text.slice(behind + rest[0].length) }
  }
  return null
}

/** Headers (RFC 1421) come before the base64 text. */
function bytesOf(body: string): Buffer | null {
  const lines = body.split('\n')
  while (lines[0]?.includes(':') === true) lines.shift()
  const text = lines.join('').replace(/[ \t\r]/g, '')
  return isBase64(text) ? Buffer.from(text, 'base64') : null
}

/** Standard base64 with its padding (RFC 4648 section 4). */
export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
}
