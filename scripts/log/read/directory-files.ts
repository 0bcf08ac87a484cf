// An exported log in a directory, or what a tenant's data directory has published. Only ever read.

import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readGiven } from '../../command/read-file.ts'
import { type ExportFiles, refuseLarge } from './export-files.ts'

/** Null when no checkpoint lies there. */
export function directoryFiles(path: string): ExportFiles | null {
  const folder = [path, join(path, 'published')].find((one) => existsSync(join(one, 'checkpoint')))
  if (folder === undefined) return null
  return {
    name: path,
    read: (name) => {
      const place = join(folder, name)
      const found = statSync(place, { throwIfNoEntry: false })
      if (found?.isFile() !== true) return null
      refuseLarge(path, name, found.size)
      return readGiven(place, 'an exported log')
    },
    close: () => undefined,
  }
}
