/**
 * `c2sp.org/tlog-proof@v1`: that an entry is in a log, in one file that needs nobody to be asked.
 *
 * Its reader must know the entry, the log's key and, where it asks for them, those of witnesses.
 */
import { decodeBase64, encodeBase64 } from '../statement/base64.ts'

export type TlogProof = {
  /** Opaque, and authenticated by nothing; null when there is none. */
  readonly extra: Uint8Array | null
  readonly index: number
  /** From the entry's sibling to the root's child (RFC 6962 section 2.1.1). */
  readonly proof: readonly Uint8Array[]
  /** A signed note, as the log published it. */
  readonly checkpoint: string
}

const firstLine = 'c2sp.org/tlog-proof@v1'
/** Hashes of the longest path that there can be: sizes have 53 bits. */
const longestProof = 53

export function printProof({ extra, index, proof, checkpoint }: TlogProof): string {
  const lines = [
    firstLine,
    ...(extra === null ? [] : [`extra ${encodeBase64(extra)}`]),
    `index ${index}`,
    ...proof.map(encodeBase64),
  ]
  return `${lines.join('\n')}\n\n${checkpoint}`
}

/** Null when it is none; whether it proves anything, `includes` says. */
export function parseProof(text: string): TlogProof | null {
  const end = text.indexOf('\n\n')
  const [first, ...rest] = text.slice(0, Math.max(end, 0)).split('\n')
  if (first !== firstLine) return null
  const hasExtra = rest[0]?.startsWith('extra ') === true
  const extra = hasExtra ? decodeBase64(rest[0]?.slice(6) ?? '') : null
  const [place, ...hashes] = hasExtra ? rest.slice(1) : rest
  const index = indexOf(place ?? '')
  const proof = proofOf(hashes)
  if ((hasExtra && extra === null) || index === null || proof === null) return null
  return { extra, index, proof, checkpoint: text.slice(end + 2) }
}

function indexOf(line: string): number | null {
  const [, digits] = /^index (0|[1-9]\d{0,15})$/.exec(line) ?? []
  return digits !== undefined && Number.isSafeInteger(Number(digits)) ? Number(digits) : null
}

function proofOf(lines: readonly string[]): readonly Uint8Array[] | null {
  const hashes = lines.map(decodeBase64).filter((hash) => hash?.length === 32)
  return hashes.length === lines.length && lines.length <= longestProof
    ? (hashes as Uint8Array[])
    : null
}
