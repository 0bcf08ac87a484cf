/**
 * Where `$ref` leads: into the document itself, by pointer or by `$id`. Nothing is ever fetched, neither from a host
 * nor from a file.
 */
import { RegoObject, type RegoValue } from '../../rego-value.ts'
import { nameOf } from './comparable-json.ts'
import { SchemaError } from './schema.ts'

/** Stands for the place of a document that does not say where it is. */
const nowhere = 'schema://nowhere/'
const literal = ['const', 'enum']
const byName = ['dependencies', 'patternProperties', 'properties']

export class References {
  readonly #documents = new Map<string, RegoValue>()
  readonly #bases = new WeakMap<RegoObject, string>()

  constructor(root: RegoValue) {
    this.#collect(root, '')
    if (!this.#documents.has('')) this.#documents.set('', root)
  }

  /** The reference in full, as it stands in this schema. */
  resolve(schema: RegoObject, reference: string): string {
    return resolved(this.#bases.get(schema) ?? '', reference)
  }

  /** @throws SchemaError when it leads out of the document, or to nothing in it */
  find(reference: string): RegoValue {
    const named = this.#documents.get(reference)
    if (named !== undefined) return named
    const [place = '', pointer = ''] = reference.split('#')
    const document = this.#documents.get(place) ?? this.#documents.get(`${place}#`)
    if (document !== undefined) return pointed(document, pointer)
    throw new SchemaError(
      /^[a-z][a-z\d+.-]*:/i.test(reference)
        ? `remote reference loading disabled: ${reference}`
        : `Reference ${reference} must be canonical`,
    )
  }

  #collect(value: RegoValue, base: string): void {
    if (Array.isArray(value))
      for (const item of value as readonly RegoValue[]) this.#collect(item, base)
    if (!(value instanceof RegoObject)) return
    const id = value.get('id') ?? value.get('$id')
    const own = typeof id === 'string' ? resolved(base, id) : base
    if (typeof id === 'string') this.#name(own, value)
    this.#bases.set(value, own)
    for (const [key, child] of value.entries) {
      const isNamed = byName.includes(nameOf(key)) && child instanceof RegoObject
      if (isNamed) for (const [, schema] of child.entries) this.#collect(schema, own)
      else if (!literal.includes(nameOf(key))) this.#collect(child, own)
    }
  }

  #name(reference: string, document: RegoObject): void {
    if (this.#documents.has(reference))
      throw new SchemaError(`Reference already exists: "${reference}"`)
    this.#documents.set(reference, document)
  }
}

function resolved(base: string, reference: string): string {
  const [place = ''] = base.split('#')
  if (reference.startsWith('#') || reference === '') return `${place}${reference}`
  if (!URL.canParse(place, nowhere)) throw new SchemaError(`${place} is no reference`)
  const absolute = URL.parse(reference, new URL(place, nowhere))
  if (absolute === null) throw new SchemaError(`${reference} is no reference`)
  return absolute.href.startsWith(nowhere) ? absolute.href.slice(nowhere.length - 1) : absolute.href
}

/** A JSON pointer (RFC 6901), percent-encoded in a fragment. */
function pointed(document: RegoValue, pointer: string): RegoValue {
  const names = decoded(pointer).split('/').slice(1)
  return names.reduce((value, name) => {
    const key = name.replaceAll('~1', '/').replaceAll('~0', '~')
    const child = value instanceof RegoObject ? value.get(key) : itemAt(value, key)
    if (child === undefined) throw new SchemaError(`Object has no key '${key}'`)
    return child
  }, document)
}

function itemAt(value: RegoValue, key: string): RegoValue | undefined {
  const isIndex = Array.isArray(value) && /^\d+$/.test(key)
  return isIndex ? (value as readonly RegoValue[])[Number(key)] : undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new SchemaError(`invalid URL escape in ${text}`)
  }
}
