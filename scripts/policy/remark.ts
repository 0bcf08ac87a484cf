// What a check found, at a place: one line for people, as compilers write it, or an object for programs.

import { relative } from 'node:path'
import type { Outcome } from '../command/command.ts'

export interface Remark {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly column: number
  readonly severity: 'error' | 'warning'
  /** Stable, so that a program can tell one kind from another. */
  readonly code: string
  readonly message: string
}

export function lineOf({ file, line, column, severity, code, message }: Remark): string {
  const at = `${shortest(file)}:${String(line)}:${String(column)}`
  return `${at}: ${severity}: ${message} [${code}]`
}

/** As short as the caller can still open it: relative to the working directory, if it lies below. */
export function shortest(file: string): string {
  const near = relative(process.cwd(), file)
  return near === '' || near.startsWith('../../..') ? file : near
}

export function sorted(remarks: readonly Remark[]): readonly Remark[] {
  return remarks.toSorted(
    (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column,
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** A warning does not fail a check. */
export function outcomeOf(remarks: readonly Remark[], allWell: string): Outcome {
  const errors = remarks.filter(({ severity }) => severity === 'error').length
  const lines = sorted(remarks).map(lineOf)
  const warnings = remarks.length - errors
  const sum = `${String(errors)} errors, ${String(warnings)} warnings`
  return {
    exit: errors === 0 ? 0 : 1,
    text: [...lines, remarks.length === 0 ? allWell : sum].join('\n'),
    json: { errors, warnings, remarks: sorted(remarks) },
  }
}
