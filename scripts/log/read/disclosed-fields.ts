// The fields of what was disclosed beside a leaf, each with its salt, and the digests that the leaf commits to: computed anew,
// by no code of whoever wrote them.

import { createHash, hash } from 'node:crypto'
import { canonicalJson } from '../../../service/statement/canonical-json.ts'

/** One field as it is shown: whoever has it and the list of digests can hold it against the leaf. */
export interface DisclosedField {
  /** JSON Pointer (RFC 6901) into what was disclosed. */
  readonly pointer: string
  readonly salt: string
  readonly value: unknown
}

/** Null for a record of the first version, which has one digest over all of it. */
export function fieldsIn(text: string): readonly DisclosedField[] | null {
  const { v, salt, value } = JSON.parse(text) as { v?: unknown; salt: string; value: unknown }
  if (v !== 2) return null
  const members = membersOf('', value).sort((a, b) => (a.pointer < b.pointer ? -1 : 1))
  const secret = `{"v":"countersign/disclosed-salts/v1","value":${JSON.stringify(salt)}}`
  const salts = createHash('shake256', { outputLength: 16 * members.length })
    .update(secret)
    .digest()
  return members.map((member, i) => ({
    ...member,
    salt: salts.subarray(16 * i, 16 * (i + 1)).toString('base64url'),
  }))
}

export function fieldDigest({ salt, pointer, value }: DisclosedField): string {
  return named('disclosed-field', canonicalJson([salt, pointer, value]))
}

/** What the leaf gives for them. */
export function digestOfFields(digests: readonly string[]): string {
  return named('disclosed-fields', JSON.stringify([...digests].sort()))
}

const opened = ['', '/input', '/input/question', '/input/verified']

function membersOf(pointer: string, value: unknown): Omit<DisclosedField, 'salt'>[] {
  const isOpened = opened.includes(pointer) && typeof value === 'object' && value !== null
  if (!isOpened || Array.isArray(value) || Object.keys(value).length === 0)
    return [{ pointer, value }]
  return Object.entries(value).flatMap(([name, member]) =>
    membersOf(`${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, member),
  )
}

function named(name: string, json: string): string {
  return `sha256:${hash('sha256', `{"v":"countersign/${name}/v1","value":${json}}`, 'hex')}`
}
