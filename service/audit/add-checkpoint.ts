/** What is sent to a witness and what it answers: C2SP tlog-witness 1.0, `add-checkpoint`. */
import { encodeBase64 } from '../statement/base64.ts'
import { parseSignatureLine, type NoteSignature } from './signed-note.ts'

export type AddCheckpoint = {
  /** Entries of the checkpoint that the witness cosigned last; 0: none. */
  readonly old: number
  /** That the tree of `old` entries begins that of the checkpoint; empty for 0. */
  readonly proof: readonly Uint8Array[]
  /** The signed checkpoint. */
  readonly note: string
}

export function printAddCheckpoint({ old, proof, note }: AddCheckpoint): string {
  return `old ${String(old)}\n${proof.map((hash) => `${encodeBase64(hash)}\n`).join('')}\n${note}`
}

/** Lines of signatures, each with its line feed. Null when anything else stands there, or nothing. */
export function parseCosignatures(text: string): readonly NoteSignature[] | null {
  if (!text.endsWith('\n')) return null
  const lines = text.slice(0, -1).split('\n').map(parseSignatureLine)
  return lines.some((line) => line === null) ? null : lines.filter((line) => line !== null)
}

/** The body of a conflict: the size that the witness cosigned last. Null when it is none. */
export function parseWitnessSize(text: string): number | null {
  const [, size] = /^(0|[1-9]\d{0,15})\n$/.exec(text) ?? []
  return size === undefined || !Number.isSafeInteger(Number(size)) ? null : Number(size)
}
