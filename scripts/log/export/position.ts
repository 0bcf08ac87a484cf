// How far a log was exported, in a file of whoever exports: the name of the log and the first entry that is still to come.

import { PdpError } from '../../../service/contract/error-code.ts'
import { usage } from '../../command/command.ts'
import { kindOf, readJson } from '../../command/read-file.ts'
import { writeWhole } from '../../command/write-file.ts'

interface Position {
  readonly origin: string
  readonly next: number
}

/** The first entry to export; 0 for a file that is not there yet. @throws PdpError `usage`. */
export function readPosition(file: string, origin: string): number {
  if (kindOf(file) === 'absent') return 0
  const what = 'the position of an export, or a file that is not there yet'
  const { origin: of, next } = (readJson(file, what) ?? {}) as Partial<Position>
  if (typeof of !== 'string' || typeof next !== 'number' || !Number.isSafeInteger(next) || next < 0)
    throw usage(`${file} is no position of an export; name ${what}.`)
  if (of === origin) return next
  throw usage(`${file} is the position of the log ${of}, not of ${origin}; name another file.`)
}

export function writePosition(file: string, position: Position): void {
  writeWhole(file, `${JSON.stringify(position)}\n`)
}

/** @throws PdpError `usage` when the log has not come so far: it was cut back, or is another one. */
export function refuseAhead(next: number, size: number, name: string): void {
  if (next <= size) return
  throw new PdpError(
    'usage',
    `${name} has ${String(size)} published entries, and ${String(next)} were exported before: name the right log, or see "countersign log verify --seen".`,
  )
}
