/**
 * The fields of what is disclosed, each under a salted digest of its own (as in SD-JWT, RFC 9901): any of them can be shown
 * without the others, and is still the leaf's.
 *
 * A field is a member of the value or of the objects that its keeping takes apart; anything else goes whole. The digest of a field is
 * over `[salt, pointer, value]` in canonical JSON (RFC 8785). The fields of one class have one secret, from which their salts are
 * drawn; the digest of the class is over those of its fields, in order, and the leaf's over those of the classes.
 */
import type { Digest } from '../contract/digest.ts'
import { pointerTo } from '../contract/json-pointer.ts'
import { canonicalJson } from '../statement/canonical-json.ts'
import { digestOfJson, expandSecret } from '../statement/digest.ts'
import { derived, shorter, type Keeping, type KeepingNode } from './keeping.ts'

const saltBytes = 16

/** A field, its value as canonical JSON. */
export type Field = readonly [pointer: string, json: string]

/** @param salt the salt of each field is drawn from it, and tells nothing of the others */
export function fieldsDigest(salt: string, given: readonly Field[]): Digest {
  const fields = [...given].sort(([a], [b]) => (a < b ? -1 : 1))
  const salts = expandSecret('disclosed-salts', salt, saltBytes * fields.length)
  const digests = fields.map(([place, json], i) => {
    const own = salts.toString('base64url', i * saltBytes, (i + 1) * saltBytes)
    return digestOfJson('disclosed-field', `["${own}",${JSON.stringify(place)},${json}]`)
  })
  return digestOfJson('disclosed-fields', JSON.stringify(digests.sort()))
}

/** What a leaf commits to, from the digests of all classes of its record. */
export function classesDigest(digests: readonly Digest[]): Digest {
  return digestOfJson('disclosed-classes', JSON.stringify([...digests].sort()))
}

/** The fields of a value, by class. @throws TypeError for a value that JSON cannot carry. */
export function fieldsByClass(
  value: unknown,
  keeping: Keeping,
): ReadonlyMap<string, readonly Field[]> {
  const classes = new Map<string, Field[]>()
  collect(value, '', keeping.root, 'other', (name, field) => {
    const fields = classes.get(name)
    if (fields === undefined) classes.set(name, [field])
    else fields.push(field)
  })
  const mixed = classes.get(derived)
  if (mixed === undefined) return classes
  classes.delete(derived)
  const first = firstToEnd([...classes.keys()], keeping)
  classes.set(first, [...(classes.get(first) ?? []), ...mixed])
  return classes
}

function firstToEnd(names: readonly string[], { keepDays }: Keeping): string {
  const [first = 'other', ...others] = [...names].sort()
  return others.reduce(
    (best, name) => (shorter(keepDays(name), keepDays(best)) === keepDays(best) ? best : name),
    first,
  )
}

function collect(
  value: unknown,
  place: string,
  node: KeepingNode,
  within: string,
  take: (name: string, field: Field) => void,
): void {
  const own = node.own ?? within
  if (node.members.size === 0 || !isObject(value) || Object.keys(value).length === 0) {
    // What is not there says nothing, and needs no key of its own.
    take(value === null ? 'other' : own, [place, canonicalJson(value)])
    return
  }
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue
    const below = node.members.get(name) ?? { own: null, members: nothing }
    collect(member, pointerTo(place, name), below, own, take)
  }
}

const nothing: KeepingNode['members'] = new Map()

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
