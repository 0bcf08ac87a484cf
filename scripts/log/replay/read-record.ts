// What was disclosed beside a decision, read once: its value, and whether the reasons in it are those that the leaf commits to.
//
// A replay reads every record of a log. The input is held against the digest of the input, which binds all of it at once; of
// the salted digests only those are computed anew that bind the reasons.

import { assembled } from '../read/assembled.ts'
import {
  digestOfClasses,
  digestOfFields,
  digestOfText,
  fieldDigest,
  saltedFields,
  type WrittenClass,
} from '../read/disclosed-fields.ts'

export interface ReadRecord {
  /** Without what has ended. */
  readonly value: unknown
  readonly ended: readonly string[]
  /** Whether that digest of a leaf commits to the reasons. */
  readonly commits: (digest: unknown) => boolean
}

type Text = { readonly value: unknown } | { readonly classes: readonly WrittenClass[] }

/** @throws TypeError, SyntaxError for what nobody can have written. */
export function readRecord(text: string): ReadRecord {
  const read = JSON.parse(text) as Text
  if (!('classes' in read))
    return { value: read.value, ended: [], commits: (digest) => digestOfText(text) === digest }
  const { classes } = read
  return {
    value: assembled(inOrder(classes.flatMap((one) => ('fields' in one ? one.fields : [])))),
    ended: classes.filter((one) => !('fields' in one)).map(({ name }) => name),
    commits: (digest) => digestOfClasses(classes.map(digestOf)) === digest,
  }
}

/** As canonical JSON has members, so that the value need not be put in order when it is written. */
function inOrder(fields: readonly [pointer: string, value: unknown][]): typeof fields {
  return fields.toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** Of a class that holds no reasons, as it is stated: were it another, the digest of all would be. */
function digestOf(one: WrittenClass): string {
  if (!('fields' in one)) return one.digest
  const stated = one.digest
  const holdsReasons = one.fields.some(([pointer]) => pointer.startsWith('/reasons'))
  if (stated !== undefined && !holdsReasons) return stated
  const members = one.fields.map(([pointer, value]) => ({ pointer, value }))
  return digestOfFields(saltedFields(one.salt, members).map(fieldDigest))
}
