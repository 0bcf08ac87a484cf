/**
 * `.manifest`: what a bundle says of itself. Ours must carry a revision and a sequence number.
 *
 * OPA decodes member names in any case; a name that differs from a known one in case only is refused,
 * so that no other reader sees other roots.
 */
import { PolicyAuthors, type PolicyAuthor } from '../contract/policy-author.ts'
import { RuleMap } from '../contract/rule-map.ts'
import { compileChecker } from '../contract/validate.ts'
import { jsonText } from './json-text.ts'
import { isArray, isObject, type JsonObject, type JsonValue } from './json-value.ts'
import { refusal } from './refusal.ts'
import { firstOverlap, isWithinRoots } from './roots.ts'

export type Manifest = {
  /** A name; best the digest of the content. */
  readonly revision: string
  readonly roots: readonly string[]
  /** May not go backwards: what keeps an older bundle, validly signed, from being loaded again. */
  readonly sequence: number
  /** `metadata.authors`: people who wrote what it holds; empty when it does not say. */
  readonly authors: readonly PolicyAuthor[]
  /** `metadata.raw_authzen`: the policy judges bare AuthZEN evaluations. */
  readonly rawAuthzen: boolean
  /** `metadata.rules`: where each rule stands and what it reads; empty when OPA alone built the bundle. */
  readonly rules: RuleMap
  readonly entrypoints: readonly { readonly name: string; readonly module: string }[]
}

const place = '.manifest'
const checkAuthors = compileChecker(PolicyAuthors)
const checkRules = compileChecker(RuleMap)
const known = ['revision', 'roots', 'wasm', 'rego_version', 'file_rego_versions', 'metadata']
const revisionCharacters = 256

export function readManifest(value: JsonValue): Manifest {
  const members = object(value, place)
  for (const name of members.keys()) {
    const meant = known.find((other) => other === name.toLowerCase())
    if (meant !== undefined && meant !== name) throw wrong(name, `write "${meant}"`)
  }
  checkRegoVersion(members)
  const roots = readRoots(members.get('roots'))
  return {
    revision: readRevision(members.get('revision')),
    roots,
    sequence: readSequence(members.get('metadata')),
    authors: readAuthors(members.get('metadata')),
    rawAuthzen: readRawAuthzen(members.get('metadata')),
    rules: readRules(members.get('metadata')),
    entrypoints: readEntrypoints(members.get('wasm'), roots),
  }
}

/** Sources of another version would say something else than the module does. */
function checkRegoVersion(members: JsonObject): void {
  const files = members.get('file_rego_versions')
  const versions = [members.get('rego_version'), ...(isObject(files) ? files.values() : [])]
  const other = versions.find((version) => version !== undefined && !isOne(version))
  if (other === undefined && (files === undefined || isObject(files))) return
  throw refusal(
    'rego_version',
    place,
    'write the policy in Rego 1 and build it with OPA 1 or later',
  )
}

function isOne(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && 'number' in value && value.number === '1'
}

function readRevision(value: JsonValue | undefined): string {
  if (typeof value === 'string' && value !== '' && value.length <= revisionCharacters) return value
  throw wrong('revision', 'name the revision, with the digest of the content or a commit')
}

/** Left out, the bundle owns everything. */
function readRoots(value: JsonValue | undefined): readonly string[] {
  if (value === undefined) return ['']
  const roots = array(value, 'roots').map((root) => text(root, 'roots').replace(/^\/+|\/+$/g, ''))
  const overlap = firstOverlap(roots)
  if (overlap !== null) {
    throw refusal(
      'roots_overlap',
      place,
      `the roots "${overlap[0]}" and "${overlap[1]}" overlap: keep the wider one`,
    )
  }
  return roots
}

function readSequence(metadata: JsonValue | undefined): number {
  const value = isObject(metadata) ? metadata.get('sequence') : undefined
  const source =
    isObject(value) || value === null || typeof value !== 'object' || isArray(value)
      ? ''
      : value.number
  if (/^(?:0|[1-9]\d{0,14})$/.test(source)) return Number(source)
  throw refusal(
    'sequence',
    place,
    'add "metadata": {"sequence": n}, a whole number that rises with each release',
  )
}

function readRawAuthzen(metadata: JsonValue | undefined): boolean {
  const value = isObject(metadata) ? (metadata.get('raw_authzen') ?? false) : false
  if (typeof value === 'boolean') return value
  throw wrong('metadata/raw_authzen', 'write true or false')
}

function readAuthors(metadata: JsonValue | undefined): readonly PolicyAuthor[] {
  const value = isObject(metadata) ? metadata.get('authors') : undefined
  if (value === undefined) return []
  const checked = checkAuthors(JSON.parse(jsonText(value)))
  if (checked.ok) return checked.value
  const { pointer, reason } = checked.faults[0] ?? { pointer: '', reason: '' }
  throw wrong(`metadata/authors${pointer}`, `${reason}: name each author by iss and sub`)
}

function readRules(metadata: JsonValue | undefined): RuleMap {
  const value = isObject(metadata) ? metadata.get('rules') : undefined
  if (value === undefined) return {}
  const checked = checkRules(JSON.parse(jsonText(value)))
  if (checked.ok) return checked.value
  const { pointer, reason } = checked.faults[0] ?? { pointer: '', reason: '' }
  throw wrong(`metadata/rules${pointer}`, `${reason}: build the bundle again`)
}

function readEntrypoints(
  value: JsonValue | undefined,
  roots: readonly string[],
): Manifest['entrypoints'] {
  const seen = new Set<string>()
  return array(value ?? [], 'wasm').map((item) => {
    const members = object(item, `${place}/wasm`)
    const name = text(members.get('entrypoint'), 'wasm')
    if (!isWithinRoots(name, roots))
      throw refusal('outside_roots', place, `the entrypoint ${name} lies outside the roots`)
    if (seen.has(name))
      throw refusal('entrypoint', place, `the entrypoint ${name} stands twice: keep one`)
    seen.add(name)
    return { name, module: text(members.get('module'), 'wasm') }
  })
}

function object(value: JsonValue, at: string): JsonObject {
  if (isObject(value)) return value
  throw refusal('manifest', at, 'this must be an object')
}

function array(value: JsonValue, member: string): readonly JsonValue[] {
  if (isArray(value)) return value
  throw wrong(member, 'this must be a list')
}

function text(value: JsonValue | undefined, member: string): string {
  if (typeof value === 'string') return value
  throw wrong(member, 'a text is missing')
}

function wrong(member: string, what: string): Error {
  return refusal('manifest', `${place}/${member}`, what)
}
