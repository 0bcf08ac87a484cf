// The registry of a project: one file `registry.json` (or .yaml), or files under `registry/`, in any folders,
// each with a part of it. Parts are merged member by member, the list of exceptions is joined, and what two
// of them say is refused: neither may widen the other unseen. Every fault is reported at its place.

import { join } from 'node:path'
import { Registry } from '../../service/contract/registry.ts'
import { compileChecker } from '../../service/contract/validate.ts'
import { pointerTo } from '../../service/contract/json-pointer.ts'
import { namesBelow } from '../command/read-file.ts'
import type { Project } from './project.ts'
import { type Place, type PositionedDocument, readPositioned } from './positioned-document.ts'
import type { Remark } from './remark.ts'

export interface RegistryData {
  /** Null when the project has no data, or when what it has is not of the schema. */
  readonly registry: Registry | null
  readonly files: readonly string[]
  /** Where a member of the merged registry was written. */
  readonly placeOf: (pointer: string) => Place
  readonly faults: readonly Remark[]
}

const check = compileChecker(Registry, { allErrors: true })
const dataFile = /\.(json|ya?ml)$/u

/** @throws PdpError `usage` when a file cannot be read. */
export function readRegistryData(project: Project): RegistryData {
  const { data } = project
  const files = data === null ? [] : filesOf(data)
  const nowhere = { file: data ?? project.file, line: 1, column: 1 }
  if (files.length === 0) {
    const faults =
      data === null
        ? []
        : [
            wrong(
              nowhere,
              'there is neither registry.json nor registry.yaml nor a file under registry/: write one',
            ),
          ]
    return { registry: null, files, placeOf: () => nowhere, faults }
  }
  const read = files.map((file) => readPositioned(file))
  const documents = read.filter((one): one is PositionedDocument => 'placeOf' in one)
  const merged = new Merged()
  for (const document of documents) merged.add(document)
  const placeOf = (pointer: string): Place => merged.placeOf(pointer) ?? nowhere
  const syntax = read.flatMap((one) => ('placeOf' in one ? [] : one))
  const checked = check(merged.value())
  const schema = checked.ok
    ? []
    : checked.faults.map(({ pointer, reason }) => wrong(placeOf(pointer), `${pointer}: ${reason}`))
  // A file that cannot be read leaves members out: what the schema then misses is no news.
  const unread = [...syntax, ...merged.strangers]
  const faults = [...unread, ...merged.clashes, ...(unread.length > 0 ? [] : schema)]
  return {
    registry: checked.ok && faults.length === 0 ? checked.value : null,
    files,
    placeOf,
    faults,
  }
}

function filesOf(data: string): readonly string[] {
  const whole = ['registry.json', 'registry.yaml', 'registry.yml']
  return namesBelow(data, 'the folder of the data')
    .filter((name) => whole.includes(name) || (name.startsWith('registry/') && dataFile.test(name)))
    .map((name) => join(data, name))
}

function wrong(place: Place, message: string, code = 'data.schema'): Remark {
  return { ...place, severity: 'error', code, message }
}

type Json = Record<string, unknown>

interface Origin {
  readonly document: PositionedDocument
  readonly pointer: string
}

/** Documents laid into one value, with where each member of it came from. */
class Merged {
  readonly clashes: Remark[] = []
  /** Documents that are no part of a registry. */
  readonly strangers: Remark[] = []
  readonly #members = new Map<string, Origin>()
  readonly #top: Json = {}

  value(): Json {
    return this.#top
  }

  add(document: PositionedDocument): void {
    if (isObject(document.value)) this.#lay(this.#top, document.value, '', document)
    else
      this.strangers.push(
        wrong(document.placeOf(''), 'a part of the registry is an object: write its members'),
      )
  }

  placeOf(pointer: string): Place | undefined {
    for (let at = pointer, rest = ''; ;) {
      const origin = this.#members.get(at)
      if (origin !== undefined) return origin.document.placeOf(`${origin.pointer}${rest}`)
      if (at === '') return undefined
      const cut = at.lastIndexOf('/')
      rest = `${at.slice(cut)}${rest}`
      at = at.slice(0, cut)
    }
  }

  #lay(into: Json, from: Json, at: string, document: PositionedDocument): void {
    if (!this.#members.has(at)) this.#members.set(at, { document, pointer: at })
    for (const [name, value] of Object.entries(from)) {
      const pointer = pointerTo(at, name)
      const before = into[name]
      if (before === undefined) this.#put(into, name, value, { document, pointer })
      else if (isObject(before) && isObject(value)) this.#lay(before, value, pointer, document)
      else if (at === '' && Array.isArray(before) && Array.isArray(value))
        this.#join(before, value, { document, pointer })
      else this.#clash(pointer, document)
    }
  }

  #put(into: Json, name: string, value: unknown, origin: Origin): void {
    this.#members.set(origin.pointer, origin)
    if (isObject(value)) {
      const copy: Json = {}
      into[name] = copy
      this.#lay(copy, value, origin.pointer, origin.document)
    } else {
      into[name] = Array.isArray(value) ? [...(value as readonly unknown[])] : value
    }
  }

  #join(into: unknown[], from: readonly unknown[], { document, pointer }: Origin): void {
    for (const [at, item] of from.entries()) {
      this.#members.set(`${pointer}/${String(into.length)}`, {
        document,
        pointer: `${pointer}/${String(at)}`,
      })
      into.push(item)
    }
  }

  #clash(pointer: string, document: PositionedDocument): void {
    const other = this.placeOf(pointer)
    const first = other === undefined ? 'another file' : `${other.file}:${String(other.line)}`
    this.clashes.push(
      wrong(document.placeOf(pointer), `${pointer} is also in ${first}: say it once`, 'data.twice'),
    )
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
