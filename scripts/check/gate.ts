// What a gate is: commands that must all succeed, and the real parts that they need.

import { join } from 'node:path'
import type { PartName } from '../parts.ts'
import { root } from '../parts/root.ts'

/** A program and its arguments. */
export type Command = readonly [program: string, ...programArguments: string[]]

export interface Gate {
  readonly name: string
  /** The real parts without which the gate cannot run. */
  readonly parts: readonly PartName[]
  commands(pathOf: (part: PartName) => string): readonly Command[]
}

/** A gate that needs npm packages only. */
export function plain(name: string, ...commands: readonly Command[]): Gate {
  return { name, parts: [], commands: () => commands }
}

/** A gate that runs one real part, once for each list of arguments. */
export function withPart(name: string, part: PartName, ...runs: readonly string[][]): Gate {
  return {
    name,
    parts: [part],
    commands: (pathOf) => runs.map((programArguments) => [pathOf(part), ...programArguments]),
  }
}

/** A command of an npm package, run by this very Node. */
export function packaged(path: string, ...programArguments: readonly string[]): Command {
  return [process.execPath, join(root, 'node_modules', path), ...programArguments]
}

/** A script of ours, run by this very Node. */
export function script(path: string, ...programArguments: readonly string[]): Command {
  return [process.execPath, join(root, 'scripts', path), ...programArguments]
}
