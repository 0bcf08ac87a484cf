/** Checkpoints: C2SP tlog-checkpoint 1.0, the text of a signed note that says how far a log has come. */
import { decodeBase64, encodeBase64 } from '../statement/base64.ts'

export type Checkpoint = {
  /** The log's name: a URL without its scheme. */
  readonly origin: string
  readonly size: number
  /** RFC 6962 tree hash over that many entries. */
  readonly root: Uint8Array
}

export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${encodeBase64(root)}\n`
}

/**
 * Null when it is none. Further lines are allowed and left out: nobody can audit what they say.
 *
 * A size past 2^53 is none: no log of ours, and no number that we could compare.
 */
export function parseCheckpoint(text: string): Checkpoint | null {
  if (!text.endsWith('\n')) return null
  const [origin, size, encoded, ...extensions] = text.slice(0, -1).split('\n')
  if (origin === undefined || origin === '' || extensions.includes('')) return null
  if (size === undefined || !/^(?:0|[1-9]\d{0,15})$/.test(size)) return null
  const root = encoded === undefined ? null : decodeBase64(encoded)
  if (root?.length !== 32 || !Number.isSafeInteger(Number(size))) return null
  return { origin, size: Number(size), root }
}
