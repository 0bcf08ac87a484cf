/** Blocks of PEM (RFC 7468), in the order of their text; what is outside blocks is passed over, as Go does. */

export type PemBlock = {
  /** As in `CERTIFICATE`. */
  readonly label: string
  readonly bytes: Buffer
  /** What stands behind the block. */
  readonly rest: string
}

const beginMark = '-----BEGIN '
const endMark = '\n-----END '

/** The first block that is whole, or null. Each end has the last beginning before it, so nothing is read twice. */
export function readPem(text: string): PemBlock | null {
  for (let from = 0; ;) {
    const end = text.indexOf(endMark, from)
    if (end === -1) return null
    const block = blockIn(text, from, end)
    if (block !== null) return block
    from = end + endMark.length
  }
}

/** @param from where to look for its beginning @param end where the mark of its end is */
function blockIn(text: string, from: number, end: number): PemBlock | null {
  const begin = from + text.slice(from, end).lastIndexOf(beginMark)
  if (begin < from || (begin > from && text[begin - 1] !== '\n')) return null
  const lineEnd = text.indexOf('\n', begin)
  const line = text.slice(begin + beginMark.length, lineEnd)
  const label = /^(.*)-----[ \t]*\r?$/s.exec(line)?.[1]
  if (label === undefined) return null
  const trailer = `${label}-----`
  const behind = text.slice(end + endMark.length)
  const rest = /^[ \t]*(?:\r?\n|$)/.exec(behind.slice(trailer.length))
  if (!behind.startsWith(trailer) || rest === null) return null
  const bytes = lineEnd < end ? bytesOf(text.slice(lineEnd + 1, end)) : Buffer.of()
  return bytes && { label, bytes, rest: behind.slice(trailer.length + rest[0].length) }
}

/** Headers (RFC 1421) come before the base64 text. */
function bytesOf(body: string): Buffer | null {
  const lines = body.split('\n')
  const first = lines.findIndex((line) => !line.includes(':'))
  if (first === -1) return null
  const text = lines
    .slice(first)
    .join('')
    .replace(/[ \t\r]/g, '')
  return isBase64(text) ? Buffer.from(text, 'base64') : null
}

/** Standard base64 with its padding (RFC 4648 section 4). */
export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
}
