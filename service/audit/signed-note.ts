/**
 * Signed notes: C2SP signed-note 1.0. A text, an empty line, and one line for each signature.
 *
 * Signatures are checked by whoever calls: here is only what is signed and what must be true of it.
 */
import { decodeBase64, encodeBase64 } from '../statement/base64.ts'
import { hexOf, isKeyName, type NoteKey } from './note-key.ts'

export type NoteSignature = {
  readonly name: string
  /** Four bytes: see `note-key.ts`. */
  readonly id: Uint8Array
  readonly signature: Uint8Array
}

/** `text` ends with a line feed and is what is signed, in UTF-8. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] }

/** Whether this key made that signature over the text; how is a matter of the key's algorithm. */
export type NoteVerifier = (key: NoteKey, text: string, signature: Uint8Array) => boolean

/** Characters of a note, and signatures in it, that we read; 16 must be accepted. */
const noteCharacters = 1_000_000
const noteSignatures = 100

/** @throws RangeError for a text that cannot be signed as a note. */
export function printNote({ text, signatures }: Note): string {
  if (!isNoteText(text)) throw new RangeError('a note is lines of printable text')
  return `${text}\n${signatures.map(signatureLine).join('')}`
}

/** One line of a note, with its line feed; the dash is U+2014. */
export function signatureLine({ name, id, signature }: NoteSignature): string {
  const blob = new Uint8Array(id.length + signature.length)
  blob.set(id)
  blob.set(signature, id.length)
  return `— ${name} ${encodeBase64(blob)}\n`
}

/** Null when it is not a note with at least one signature. */
export function parseNote(note: string): Note | null {
  // A text may hold empty lines; the last one ends it.
  const end = note.lastIndexOf('\n\n')
  if (end < 0 || note.length > noteCharacters || !note.endsWith('\n')) return null
  const text = note.slice(0, end + 1)
  const lines = note.slice(end + 2, -1).split('\n')
  if (!isNoteText(text) || lines.length > noteSignatures) return null
  const signatures = lines.map(parseSignatureLine).filter((line) => line !== null)
  return signatures.length === lines.length ? { text, signatures } : null
}

/** One line without its line feed. */
export function parseSignatureLine(line: string): NoteSignature | null {
  const [, name, encoded] = /^— ([^ ]+) ([^ ]+)$/u.exec(line) ?? []
  const blob = encoded === undefined ? null : decodeBase64(encoded)
  if (name === undefined || !isKeyName(name) || blob === null || blob.length < 5) return null
  return { name, id: blob.slice(0, 4), signature: blob.slice(4) }
}

/**
 * The keys that signed this note, of those that are known. Null when a known key's signature does not hold:
 * then the whole note is refused, whoever else signed it. Signatures of keys that are not known say nothing.
 */
export function signersOf(
  { text, signatures }: Note,
  known: readonly NoteKey[],
  verifies: NoteVerifier,
): readonly NoteKey[] | null {
  const signers = new Set<NoteKey>()
  for (const { name, id, signature } of signatures) {
    const key = known.find((one) => one.name === name && hexOf(one.id) === hexOf(id))
    if (key === undefined) continue
    if (!verifies(key, text, signature)) return null
    signers.add(key)
  }
  return [...signers]
}

function isNoteText(text: string): boolean {
  return text.endsWith('\n') && text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/.test(text)
}
