/**
 * What lies encrypted beside a leaf, class by class, and the digest that ties it to the leaf.
 *
 * The salt of a class is inside what is encrypted: a digest of a value that can be guessed hides nothing, and once
 * the key of the class is gone its digest says nothing about the values.
 */
import type { Digest } from '../contract/digest.ts'
import { canonicalJson } from '../statement/canonical-json.ts'
import { digestOfJson } from '../statement/digest.ts'
import { classesDigest, fieldsByClass, fieldsDigest, type Field } from './disclosed-fields.ts'
import type { Draft } from './draft.ts'
import { keepingFor } from './keeping.ts'

type Disclosure = NonNullable<Draft['disclosure']>

/** One class of a record. */
export type DisclosedClass = {
  readonly name: string
  readonly digest: Digest
  /** The JSON text that is encrypted: `{"salt":…,"fields":[[pointer, value],…]}`; null once its key is gone. */
  readonly text: string | null
}

export type ComposedClass = DisclosedClass & { readonly text: string }

export type ComposedDisclosure = {
  readonly classes: readonly ComposedClass[]
  readonly digest: Digest
}

/** @param freshSalt a new secret for each class @throws TypeError for a value that JSON cannot carry. */
export function composeDisclosure(
  freshSalt: () => string,
  { value, keeping = keepingFor(null, null) }: Disclosure,
): ComposedDisclosure {
  const classes = [...fieldsByClass(value ?? null, keeping)].map(([name, fields]) => {
    const salt = freshSalt()
    return { name, digest: fieldsDigest(salt, fields), text: classText(salt, fields) }
  })
  return { classes, digest: classesDigest(classes.map(({ digest }) => digest)) }
}

function classText(salt: string, fields: readonly Field[]): string {
  const members = fields.map(([place, json]) => `[${JSON.stringify(place)},${json}]`)
  return `{"salt":${JSON.stringify(salt)},"fields":[${members.join(',')}]}`
}

export type OpenedDisclosure = {
  /** Without the members of the classes that have ended; null when all have. */
  readonly value: unknown
  /** The classes that have ended. */
  readonly ended: readonly string[]
}

type StoredClass = {
  readonly salt: string
  readonly fields: readonly (readonly [pointer: string, value: unknown])[]
}

/** Null when it is not what has that digest. */
export function openedClasses(
  classes: readonly DisclosedClass[],
  digest: Digest | null,
): OpenedDisclosure | null {
  if (classesDigest(classes.map((one) => one.digest)) !== digest) return null
  const ended: string[] = []
  const fields: (readonly [string, unknown])[] = []
  for (const { name, digest: own, text } of classes) {
    if (text === null) {
      ended.push(name)
      continue
    }
    const stored = JSON.parse(text) as StoredClass
    const written = stored.fields.map(([place, value]) => [place, canonicalJson(value)] as const)
    if (fieldsDigest(stored.salt, written) !== own) return null
    fields.push(...stored.fields)
  }
  return { value: fields.length === 0 ? null : assembled(fields), ended }
}

/** The value of which these are fields. @throws TypeError when they are of no one value. */
export function assembled(
  fields: readonly (readonly [pointer: string, value: unknown])[],
): unknown {
  const root = { value: undefined as unknown }
  for (const [pointer, value] of fields) {
    let [holder, name]: [object, string] = [root, 'value']
    for (const part of pointer.split('/').slice(1)) {
      const inner = memberOf(holder, name)
      ;[holder, name] = [inner, part.replaceAll('~1', '/').replaceAll('~0', '~')]
    }
    put(holder, name, value)
  }
  return root.value
}

function memberOf(holder: object, name: string): object {
  const known: unknown = Object.getOwnPropertyDescriptor(holder, name)?.value
  if (known === undefined) {
    const made = {}
    put(holder, name, made)
    return made
  }
  if (typeof known === 'object' && known !== null) return known
  throw new TypeError('a field lies inside another that is no object')
}

/** A member of any name, `__proto__` too. */
function put(holder: object, name: string, value: unknown): void {
  Object.defineProperty(holder, name, {
    ...{ value, enumerable: true, configurable: true, writable: true },
  })
}

type Stored = { readonly v?: 2; readonly salt: string; readonly value: unknown }

/** Of a record of the first two versions, which lies under one key. Null when it is not what has that digest. */
export function openedDisclosure(text: string, digest: Digest | null): OpenedDisclosure | null {
  const { v, salt, value } = JSON.parse(text) as Stored
  // The first version had one digest, over the text as it is stored.
  const found =
    v === 2 ? fieldsDigest(salt, fieldsOfWhole(value)) : digestOfJson('disclosure', text)
  return found === digest ? { value, ended: [] } : null
}

function fieldsOfWhole(value: unknown): readonly Field[] {
  const fields = [...fieldsByClass(value, keepingFor(null, null)).values()]
  return fields.flat()
}

/** The digest that a leaf gives for its disclosure; null when it has none. */
export function digestInLeaf(leaf: object): Digest | null {
  const { disclosure, event } = leaf as {
    readonly disclosure?: { readonly digest: Digest }
    readonly event?: { readonly disclosure?: { readonly digest: Digest } }
  }
  return disclosure?.digest ?? event?.disclosure?.digest ?? null
}
