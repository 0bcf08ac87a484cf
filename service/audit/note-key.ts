/** Keys of signed notes: C2SP signed-note, section "Verifier keys". */
import { decodeBase64, encodeBase64 } from '../statement/base64.ts'
import { sha256 } from '../statement/digest.ts'

/** The kinds of key that we read: a log's Ed25519 key, and a witness's (C2SP tlog-cosignature). */
export const noteAlgorithm = { ed25519: 0x01, cosignature: 0x04 } as const

/** A key that verifies notes. Its `id` is four bytes: they select a key and prove nothing. */
export type NoteKey = {
  readonly name: string
  readonly id: Uint8Array
  /** One of `noteAlgorithm`. */
  readonly algorithm: number
  /** 32 bytes (RFC 8032). */
  readonly publicKey: Uint8Array
}

const utf8 = new TextEncoder()
const keyBytes = 32

/** @throws RangeError for a name that no note may carry. */
export function noteKey(name: string, algorithm: number, publicKey: Uint8Array): NoteKey {
  if (!isKeyName(name)) throw new RangeError(`no note key can be called "${name}"`)
  const start = utf8.encode(`${name}\n`)
  const text = new Uint8Array(start.length + 1 + publicKey.length)
  text.set(start)
  text[start.length] = algorithm
  text.set(publicKey, start.length + 1)
  return { name, id: sha256(text).slice(0, 4), algorithm, publicKey }
}

/** Not empty, no Unicode space, no plus sign, and text that UTF-8 can carry. */
export function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\s\u0085+\p{Cc}]/u.test(name)
}

/** `<name>+<8 hexadecimal digits>+<base64>`, one line of text that says how a log's notes are verified. */
export function printVerifierKey({ name, id, algorithm, publicKey }: NoteKey): string {
  const typed = new Uint8Array(1 + publicKey.length)
  typed[0] = algorithm
  typed.set(publicKey, 1)
  return `${name}+${hexOf(id)}+${encodeBase64(typed)}`
}

/** Null when it is no verifier key, its id is not its own, or its kind is not one that we read. */
export function parseVerifierKey(text: string): NoteKey | null {
  // The base64 may hold a plus sign too: the first two separate.
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(text) ?? []
  const typed = encoded === undefined ? null : decodeBase64(encoded)
  if (name === undefined || typed?.length !== 1 + keyBytes || !isKeyName(name)) return null
  const algorithm = typed[0] ?? 0
  const isKnown = Object.values<number>(noteAlgorithm).includes(algorithm)
  const key = noteKey(name, algorithm, typed.slice(1))
  return isKnown && hexOf(key.id) === id ? key : null
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
