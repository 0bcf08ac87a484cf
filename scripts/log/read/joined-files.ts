// A log and the archives of what was pruned from it, read as one: what the log does not have, the first archive that has it gives.
// That they belong together, the tree says.

import type { ExportFiles } from './export-files.ts'
import { openExport } from './open-export.ts'

/** What a log says of itself alone. */
const own = ['checkpoint', 'keys/log.vkey', 'keys/jwks.json']
/** The least of them counts: entries from there on are in one of them. */
export const minimumFile = 'minimum-index'

/** @throws PdpError `usage` when there is no log, or no archive. */
export async function openJoined(path: string, archives: readonly string[]): Promise<ExportFiles> {
  const opened: ExportFiles[] = []
  try {
    for (const one of [path, ...archives]) opened.push(await openExport(one))
  } catch (error) {
    for (const files of opened) files.close()
    throw error
  }
  const [only] = opened
  return opened.length === 1 && only !== undefined ? only : joined(path, opened)
}

function joined(name: string, all: readonly ExportFiles[]): ExportFiles {
  return {
    name,
    read: (path) => {
      if (own.includes(path) || path.startsWith('witnessed/')) return all[0]?.read(path) ?? null
      if (path === minimumFile) return least(all)
      for (const files of all) {
        const bytes = files.read(path)
        if (bytes !== null) return bytes
      }
      return null
    },
    close: () => {
      for (const files of all) files.close()
    },
  }
}

/** Null for those of a log of which every entry is in one of them. */
function least(all: readonly ExportFiles[]): Uint8Array | null {
  const said = all.map((files) => files.read(minimumFile))
  const texts = said.map((bytes) => (bytes === null ? '0' : Buffer.from(bytes).toString()))
  // What is no number is left to whoever reads it.
  const spoiled = texts.find((text) => !/^\d+\n?$/u.test(text))
  const smallest = Math.min(...texts.map(Number))
  return spoiled === undefined && smallest === 0
    ? null
    : Buffer.from(spoiled ?? `${String(smallest)}\n`)
}
