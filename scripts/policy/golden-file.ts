// The files of golden cases: what a case is, and every file of a folder read and checked, with places.

import { join } from 'node:path'
import { Type, type Static } from 'typebox'
import { closed, Name, OpenObject } from '../../service/contract/digest.ts'
import { Effect, HoldKind } from '../../service/contract/policy-result.ts'
import { compileChecker } from '../../service/contract/validate.ts'
import { type PositionedDocument, readPositioned } from './positioned-document.ts'
import { namesBelow } from '../command/read-file.ts'
import type { Remark } from './remark.ts'

const Names = Type.Array(Name)

/** What is left out is wanted to be empty: a case says all that it gets. */
export const Wanted = Type.Object(
  {
    effect: Effect,
    codes: Type.Optional(Names),
    waived: Type.Optional(Names),
    obligations: Type.Optional(Names),
    hold: Type.Optional(HoldKind),
  },
  closed,
)
export type Wanted = Static<typeof Wanted>

export const WrittenCase = Type.Object(
  {
    name: Name,
    /** The base question; `tool` when left out. */
    on: Type.Optional(Name),
    /** The key in the registry, where it is not that of the question. */
    key: Type.Optional(Name),
    set: Type.Optional(OpenObject),
    without: Type.Optional(Names),
    want: Wanted,
  },
  closed,
)
export type WrittenCase = Static<typeof WrittenCase>

export const GoldenFile = Type.Object(
  {
    golden: Type.Object(
      {
        base: Type.Optional(Type.Record(Type.String(), OpenObject)),
        cases: Type.Optional(Type.Record(Type.String(), Type.Array(WrittenCase))),
      },
      closed,
    ),
  },
  closed,
)
export type GoldenFile = Static<typeof GoldenFile>

export interface ReadGoldenFile {
  readonly content: GoldenFile
  readonly document: PositionedDocument
}

const check = compileChecker(GoldenFile, { allErrors: true })

/** @throws PdpError `usage` when a file cannot be read. */
export function readGoldenFiles(folder: string): {
  readonly files: readonly ReadGoldenFile[]
  readonly faults: readonly Remark[]
} {
  const read = namesBelow(folder, 'the folder of golden cases')
    .filter((name) => /^[^/]+\.ya?ml$/u.test(name))
    .map((name) => readGoldenFile(join(folder, name)))
  return {
    files: read.filter((one): one is ReadGoldenFile => 'content' in one),
    faults: read.flatMap((one) => ('content' in one ? [] : one)),
  }
}

/** One file, or what is wrong with it. @throws PdpError `usage` when it cannot be read. */
export function readGoldenFile(file: string): ReadGoldenFile | readonly Remark[] {
  const document = readPositioned(file)
  if (!('placeOf' in document)) return document
  const checked = check(document.value)
  if (checked.ok) return { content: checked.value, document }
  return checked.faults.map(({ pointer, reason }) =>
    goldenFault(document, pointer, `${pointer}: ${reason}`),
  )
}

export function goldenFault(document: PositionedDocument, at: string, message: string): Remark {
  return { ...document.placeOf(at), severity: 'error', code: 'golden.case', message }
}
