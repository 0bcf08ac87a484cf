// The fields of what was disclosed beside a leaf, each with its salt, and the digests that the leaf commits to: computed anew,
// by no code of whoever wrote them.

import { createHash, hash } from 'node:crypto'
import { canonicalJson } from '../../../service/statement/canonical-json.ts'
import { disclosureDigest } from './leaf-digests.ts'

/** One field as it is shown: whoever has it and the list of digests can hold it against the leaf. */
export interface DisclosedField {
  /** JSON Pointer (RFC 6901) into what was disclosed. */
  readonly pointer: string
  readonly salt: string
  readonly value: unknown
}

/** A class of a record: its fields, or its digest alone once it has ended. */
export type FieldClass =
  | { readonly name: string; readonly fields: readonly DisclosedField[] }
  | { readonly name: string; readonly digest: string }

/** The one class of an earlier record; no tenant has a class of this name. */
export const wholeRecord = 'record'

/** What stands beside a leaf, as JSON text: of three versions, the last of which is taken apart by classes. */
type Text =
  | { readonly v: 3; readonly classes: readonly WrittenClass[] }
  | { readonly v?: 2; readonly salt: string; readonly value: unknown }

/** The digest beside fields is only stated. */
export type WrittenClass =
  | {
      readonly name: string
      readonly digest?: string
      readonly salt: string
      readonly fields: [string, unknown][]
    }
  | { readonly name: string; readonly digest: string }

/** By class; null for a record of the first version, which has one digest over all of it. */
export function classesIn(text: string): readonly FieldClass[] | null {
  const read = JSON.parse(text) as Text
  if (read.v === 3)
    return read.classes.map((one) => {
      if (!('fields' in one)) return { name: one.name, digest: one.digest }
      const members = one.fields.map(([pointer, value]) => ({ pointer, value }))
      return { name: one.name, fields: saltedFields(one.salt, members) }
    })
  if (read.v !== 2) return null
  return [{ name: wholeRecord, fields: saltedFields(read.salt, membersOf('', read.value)) }]
}

export function saltedFields(
  salt: string,
  given: readonly Omit<DisclosedField, 'salt'>[],
): readonly DisclosedField[] {
  const members = [...given].sort((a, b) => (a.pointer < b.pointer ? -1 : 1))
  const secret = `{"v":"countersign/disclosed-salts/v1","value":${JSON.stringify(salt)}}`
  const salts = createHash('shake256', { outputLength: 16 * members.length })
    .update(secret)
    .digest()
  return members.map((member, i) => ({
    ...member,
    salt: salts.subarray(16 * i, 16 * (i + 1)).toString('base64url'),
  }))
}

/** The digest that a leaf gives for what stands beside it. @throws TypeError for what has no canonical form. */
export function digestOfText(text: string): string {
  const classes = classesIn(text)
  if (classes === null) return disclosureDigest(text)
  const digests = classes.map((one) =>
    'digest' in one ? one.digest : digestOfFields(one.fields.map(fieldDigest)),
  )
  const [first = ''] = digests
  return (JSON.parse(text) as Text).v === 3 ? digestOfClasses(digests) : first
}

export function fieldDigest({ salt, pointer, value }: DisclosedField): string {
  return named('disclosed-field', canonicalJson([salt, pointer, value]))
}

/** Of a class; what the leaf gives for a record of the second version. */
export function digestOfFields(digests: readonly string[]): string {
  return named('disclosed-fields', JSON.stringify([...digests].sort()))
}

/** What the leaf gives for them. */
export function digestOfClasses(digests: readonly string[]): string {
  return named('disclosed-classes', JSON.stringify([...digests].sort()))
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
