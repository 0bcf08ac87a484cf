// Puts the sources of a project into one folder under their names, so that OPA and Regal see the pack and the
// team's rules as one policy, and what they print names files that do not depend on the machine.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readGiven } from '../command/read-file.ts'
import type { Source } from './sources.ts'

/** @param written further files: name -> content */
export async function staged<T>(
  sources: readonly Source[],
  written: Readonly<Record<string, string>>,
  work: (folder: string) => T | Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-policy-'))
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true })
  }
  // An interrupted command ends at once; what it had staged must not stay.
  process.once('exit', remove)
  try {
    for (const { name, path } of sources) {
      writeFileSync(placed(folder, name), readGiven(path, 'a file of Rego'))
    }
    for (const [name, content] of Object.entries(written)) {
      writeFileSync(placed(folder, name), content)
    }
    return await work(folder)
  } finally {
    process.removeListener('exit', remove)
    remove()
  }
}

function placed(folder: string, name: string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  return path
}
