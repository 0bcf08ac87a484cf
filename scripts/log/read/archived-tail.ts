// What an archive has behind its last whole segment: published, and not sealed yet.

import { join } from 'node:path'
import { tileWidth } from '../../../service/audit/tile.ts'
import { kindOf } from '../../command/read-file.ts'
import { directoryFiles } from './directory-files.ts'
import type { Entry } from './entry.ts'
import { PublishedLog } from './published-log.ts'

/** None for the data of a tenant: whatever is published there lies in segments too. */
export function* archivedTail(path: string, from: number): Generator<Entry> {
  const isArchive = kindOf(join(path, 'log/lock')) === 'absent'
  const files = isArchive ? directoryFiles(path) : null
  if (files === null) return
  const log = new PublishedLog(files)
  for (let at = Math.floor(from / tileWidth); at < log.bundles; at += 1) {
    for (const [i, token] of (log.bundle(at) ?? []).entries()) {
      const index = at * tileWidth + i
      if (index >= from) yield { index, token, disclosure: null }
    }
  }
}
