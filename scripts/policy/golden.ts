// The golden cases of a project, composed as rego/countersign/golden/golden_test.rego composes them: a base
// question, the slice of the registry that concerns it, then what the case changes.

import type { Registry } from '../../service/contract/registry.ts'
import {
  goldenFault,
  readGoldenFiles,
  type ReadGoldenFile,
  type Wanted,
  type WrittenCase,
} from './golden-file.ts'
import { type Json, merge, without } from './json-merge.ts'
import type { Place } from './positioned-document.ts'
import type { Project } from './project.ts'
import { sliceOf } from './registry-slice.ts'
import type { Remark } from './remark.ts'

export interface GoldenCase {
  readonly area: string
  readonly name: string
  /** A whole policy input. */
  readonly input: Json
  readonly want: Wanted
  readonly place: Place
}

export interface Golden {
  /** Whole questions, with a registry of their own, that tests of rules start from. */
  readonly base: ReadonlyMap<string, Json>
  readonly cases: readonly GoldenCase[]
  /** `data.golden` of `opa test`. */
  readonly document: { readonly base: Json; readonly cases: Readonly<Record<string, unknown>> }
  readonly faults: readonly Remark[]
}

/** @param registry null when the project has none: then a question brings its own slice. */
export function readGolden(project: Project, registry: Registry | null): Golden {
  const pack = project.packGolden === null ? noFiles : readGoldenFiles(project.packGolden)
  const own = project.golden === null ? noFiles : readGoldenFiles(project.golden)
  const questions = [...pack.files, ...own.files]
    .map(({ content }) => (content.golden.base ?? {}) as Json)
    .reduce(merge, {})
  const base = new Map(Object.keys(questions).map((name) => [name, baseOf(questions, name)]))
  const written = own.files.flatMap(casesOf)
  return {
    base,
    cases: written.flatMap(({ area, one, place }) => {
      const question = base.get(one.on ?? 'tool')
      if (question === undefined) return []
      return [
        { area, name: one.name, input: inputOf(one, question, registry), want: one.want, place },
      ]
    }),
    document: { base: questions, cases: byArea(written) },
    faults: [...pack.faults, ...own.faults, ...written.flatMap(faultOf(base)), ...twice(written)],
  }
}

const noFiles = { files: [], faults: [] } as const

interface Placed {
  readonly area: string
  readonly one: WrittenCase
  readonly place: Place
  readonly fault: (message: string) => Remark
}

function casesOf({ content, document }: ReadGoldenFile): readonly Placed[] {
  return Object.entries(content.golden.cases ?? {}).flatMap(([area, cases]) =>
    cases.map((one, i) => {
      const pointer = `/golden/cases/${area}/${String(i)}`
      const fault = (message: string): Remark => goldenFault(document, pointer, message)
      return { area, one, place: document.placeOf(pointer), fault }
    }),
  )
}

function faultOf(base: ReadonlyMap<string, Json>): (placed: Placed) => readonly Remark[] {
  return ({ one: { on = 'tool' }, fault }) =>
    base.has(on)
      ? []
      : [fault(`there is no base question ${on}: name one of ${[...base.keys()].join(', ')}`)]
}

function twice(written: readonly Placed[]): readonly Remark[] {
  const seen = new Set<string>()
  return written.flatMap(({ area, one, fault }) => {
    const name = `${area}: ${one.name}`
    if (seen.has(name)) return [fault(`a case "${name}" stands above: give each its own name`)]
    seen.add(name)
    return []
  })
}

function byArea(written: readonly Placed[]): Readonly<Record<string, unknown>> {
  const areas = Map.groupBy(written, ({ area }) => area)
  return Object.fromEntries([...areas].map(([area, all]) => [area, all.map(({ one }) => one)]))
}

function baseOf(questions: Json, name: string): Json {
  return structuredClone(merge((questions['tool'] ?? {}) as Json, (questions[name] ?? {}) as Json))
}

function inputOf(one: WrittenCase, base: Json, registry: Registry | null): Json {
  const changes = (one.set ?? {}) as Json
  const registered = registry === null ? base : withSlice(base, changes, registry, one.key)
  return (one.without ?? []).reduce(
    (input, path) => without(input, path.split('/')),
    merge(registered, changes),
  )
}

/** By default a definition is served as it was reviewed. */
function withSlice(base: Json, changes: Json, registry: Registry, key: string | undefined): Json {
  const slice = sliceOf(registry, merge(base, changes), key)
  const served = (base['question'] as Json)['definition_digest']
  const pinned = slice.capability?.definition_digest
  const question = { definition_digest: served === null ? null : (pinned ?? served) }
  const { registry: _own, ...bare } = base
  return merge(bare, { question, registry: slice })
}
