// Runs OPA or Regal for a command, and gives what they say of a file as remarks at its place.

import { spawnSync } from 'node:child_process'
import { isAbsolute } from 'node:path'
import { PdpError } from '../../service/contract/error-code.ts'
import type { PartName } from '../parts.ts'
import { resolvePart } from '../parts/resolve.ts'
import { messageOf, stoppedBy } from '../parts/run.ts'
import type { Remark } from './remark.ts'
import type { Source } from './sources.ts'

export interface ToolRun {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

const quiet = { NO_COLOR: '1', REGAL_DISABLE_VERSION_CHECK: '1' }

/** @throws PdpError `part_missing` with the remedy when there is no such program. */
export function runTool(
  name: PartName,
  toolArguments: readonly string[],
  options: { readonly folder?: string; readonly input?: string } = {},
): ToolRun {
  const { status, signal, stdout, stderr, error } = spawnSync(pathOf(name), toolArguments, {
    cwd: options.folder,
    input: options.input ?? '',
    env: { ...process.env, ...quiet },
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  if (error !== undefined) throw error
  if (signal !== null) throw stoppedBy(name, signal)
  return { status: status ?? 1, stdout, stderr }
}

/** What a program printed, where there is room for one line. */
export function oneLine(printed: string): string {
  return printed.trim().replaceAll(/\s+/gu, ' ')
}

function pathOf(name: PartName): string {
  try {
    return resolvePart(name)
  } catch (cause) {
    throw new PdpError('part_missing', messageOf(cause), { cause })
  }
}

/** The file that a tool names, which may have seen it in a stage. */
export function pathNamed(name: string, sources: readonly Source[]): string {
  if (isAbsolute(name)) return name
  return sources.find((source) => source.name === name)?.path ?? name
}

/** The errors of OPA's compiler, `file:line: code: message`; anything else it printed is one remark. */
export function remarksOf(
  printed: string,
  sources: readonly Source[],
  file: string,
): readonly Remark[] {
  const found = [...printed.matchAll(/^(?:\S.*: )?(\S+\.rego):(\d+): (rego_\w+): (.+)$/gmu)]
  if (found.length === 0) {
    return [{ file, line: 1, column: 1, severity: 'error', code: 'opa', message: printed.trim() }]
  }
  return found.map(([, name = '', line = '1', code = '', message = '']) => ({
    ...{ file: pathNamed(name, sources), line: Number(line), column: 1 },
    ...{ severity: 'error' as const, code, message },
  }))
}

interface OpaErrors {
  readonly errors?: readonly {
    readonly message: string
    readonly code?: string
    readonly location?: { readonly file: string; readonly row: number; readonly col: number }
  }[]
}

/** The errors of `opa … --format json`. */
export function jsonRemarksOf(
  { stdout, stderr }: ToolRun,
  sources: readonly Source[],
  file: string,
): readonly Remark[] {
  // What cannot even be loaded is said in plain lines, whatever the format.
  const printed = stderr.trimStart()
  const { errors = [] } = printed.startsWith('{') ? (JSON.parse(printed) as OpaErrors) : {}
  if (errors.length === 0) return remarksOf(stderr + stdout, sources, file)
  return errors.map(({ message, code = 'opa', location }) => ({
    file: location === undefined ? file : pathNamed(location.file.replace(/^\.\//u, ''), sources),
    ...{ line: location?.row ?? 1, column: Math.max(location?.col ?? 1, 1) },
    ...{ severity: 'error' as const, code, message },
  }))
}
