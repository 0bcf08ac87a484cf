// The files of golden cases: what a case is, and every file of a folder read and checked, with places.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Type, type Static } from 'typebox'
import { closed, Name, OpenObject } from '../../service/contract/digest.ts'
import { Effect, HoldKind } from '../../service/contract/policy-result.ts'
import { compileChecker } from '../../service/contract/validate.ts'
import { type PositionedDocument, readPositioned } from './positioned-document.ts'
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
  const files: ReadGoldenFile[] = []
  const faults: Remark[] = []
  for (const name of readdirSync(folder)
    .filter((one) => /\.ya?ml$/u.test(one))
    .sort()) {
    const document = readPositioned(join(folder, name))
    if (!('placeOf' in document)) {
      faults.push(...document)
      continue
    }
    const checked = check(document.value)
    if (checked.ok) files.push({ content: checked.value, document })
    else {
      for (const { pointer, reason } of checked.faults)
        faults.push(goldenFault(document, pointer, `${pointer}: ${reason}`))
    }
  }
  return { files, faults }
}

export function goldenFault(document: PositionedDocument, at: string, message: string): Remark {
  return { ...document.placeOf(at), severity: 'error', code: 'golden.case', message }
}
