// What differs between two policies as they are written: rules, helpers and data.

import { isDeepStrictEqual } from 'node:util'
import { jsonText } from '../../service/bundle/json-text.ts'
import type { RuleEntry, RuleMap } from '../../service/contract/rule-map.ts'
import type { OpenedBundle } from '../bundles/open-bundle.ts'

export interface RuleChange {
  readonly code: string
  readonly file: string
  readonly change: 'added' | 'removed' | 'changed'
  /** Of a rule that changed: its text, what it reads, what is said of it. */
  readonly what: readonly string[]
}

export interface FileChange {
  readonly file: string
  readonly change: 'added' | 'removed' | 'changed'
}

export interface DataChange {
  /** Member of the data, with slashes. */
  readonly path: string
  /** Left out: it was not there. */
  readonly before?: unknown
  /** Left out: it is there no more. */
  readonly after?: unknown
}

export interface ContentChanges {
  readonly rules: readonly RuleChange[]
  /** Sources that are no rule themselves: helpers, the entrypoint. */
  readonly helpers: readonly FileChange[]
  readonly data: readonly DataChange[]
}

type Opened = readonly OpenedBundle[]

export function compareContent(a: Opened, b: Opened): ContentChanges {
  const [before, after] = [rulesOf(a), rulesOf(b)]
  const files = changedFiles(sourcesOf(a), sourcesOf(b))
  const isRule = new Set(
    [...Object.values(before), ...Object.values(after)].map(({ file }) => file),
  )
  return {
    rules: ruleChanges(before, after, new Set(files.map(({ file }) => file))),
    helpers: files.filter(({ file }) => !isRule.has(file)),
    data: dataChanges(dataOf(a), dataOf(b), []),
  }
}

function rulesOf(opened: Opened): RuleMap {
  return Object.assign({}, ...opened.map(({ bundle }) => bundle.rules)) as RuleMap
}

function ruleChanges(
  before: RuleMap,
  after: RuleMap,
  files: ReadonlySet<string>,
): readonly RuleChange[] {
  const codes = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return codes.flatMap((code): RuleChange[] => {
    const [old, now] = [before[code], after[code]]
    if (old === undefined || now === undefined) {
      const file = (old ?? now)?.file ?? ''
      return [{ code, file, change: old === undefined ? 'added' : 'removed', what: [] }]
    }
    const what = differences(old, now, files)
    return what.length === 0 ? [] : [{ code, file: now.file, change: 'changed', what }]
  })
}

function differences(
  old: RuleEntry,
  now: RuleEntry,
  files: ReadonlySet<string>,
): readonly string[] {
  return [
    ...(old.file !== now.file || files.has(now.file) ? ['text'] : []),
    ...(isDeepStrictEqual(old.reads, now.reads) ? [] : ['reads']),
    ...(old.title === now.title && old.remediation === now.remediation ? [] : ['metadata']),
  ]
}

function sourcesOf(opened: Opened): ReadonlyMap<string, Uint8Array> {
  const files = opened.flatMap((one) => [...one.files])
  return new Map(files.filter(([path]) => path.endsWith('.rego')))
}

function changedFiles(
  a: ReadonlyMap<string, Uint8Array>,
  b: ReadonlyMap<string, Uint8Array>,
): readonly FileChange[] {
  return [...new Set([...a.keys(), ...b.keys()])].sort().flatMap((file): FileChange[] => {
    const [old, now] = [a.get(file), b.get(file)]
    if (old === undefined) return [{ file, change: 'added' }]
    if (now === undefined) return [{ file, change: 'removed' }]
    return Buffer.compare(old, now) === 0 ? [] : [{ file, change: 'changed' }]
  })
}

function dataOf(opened: Opened): unknown {
  const parts = opened.map(({ bundle }) => JSON.parse(jsonText(bundle.data)) as object)
  return Object.assign({}, ...parts)
}

/** The deepest members that differ; a list is compared whole. */
function dataChanges(old: unknown, now: unknown, at: readonly string[]): readonly DataChange[] {
  if (isDeepStrictEqual(old, now)) return []
  if (isMembers(old) && isMembers(now)) {
    return [...new Set([...Object.keys(old), ...Object.keys(now)])]
      .sort()
      .flatMap((name) => dataChanges(old[name], now[name], [...at, name]))
  }
  return [
    {
      path: at.join('/'),
      ...(old === undefined ? {} : { before: old }),
      ...(now === undefined ? {} : { after: now }),
    },
  ]
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
