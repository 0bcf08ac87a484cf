/**
 * The fields of what is disclosed, each under a salted digest of its own (as in SD-JWT, RFC 9901): any of them can be shown
 * without the others, and is still the leaf's.
 *
 * A field is a member of the value or of the objects named in `split`; anything else goes whole. The digest of a field is over
 * `[salt, pointer, value]` in canonical JSON (RFC 8785); the leaf's is over the digests of all fields, in order.
 */
import type { Digest } from '../contract/digest.ts'
import { pointerTo } from '../contract/json-pointer.ts'
import { canonicalJson } from '../statement/canonical-json.ts'
import { digestOfJson, expandSecret } from '../statement/digest.ts'

const split: ReadonlySet<string> = new Set(['', '/input', '/input/question', '/input/verified'])
const saltBytes = 16

/** @param salt of the whole record: the salt of each field is drawn from it, and tells nothing of the others */
export function fieldsDigest(salt: string, value: unknown): Digest {
  const fields = fieldsOf(value, '').sort(([a], [b]) => (a < b ? -1 : 1))
  const salts = expandSecret('disclosed-salts', salt, saltBytes * fields.length)
  const digests = fields.map(([place, member], i) => {
    const own = salts.toString('base64url', i * saltBytes, (i + 1) * saltBytes)
    const json = `["${own}",${JSON.stringify(place)},${canonicalJson(member)}]`
    return digestOfJson('disclosed-field', json)
  })
  return digestOfJson('disclosed-fields', JSON.stringify(digests.sort()))
}

function fieldsOf(value: unknown, place: string): (readonly [pointer: string, value: unknown])[] {
  const isSplit = split.has(place) && isObject(value) && Object.keys(value).length > 0
  if (!isSplit) return [[place, value]]
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .flatMap(([name, member]) => fieldsOf(member, pointerTo(place, name)))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
