// Finds the leaves of a log by the name that was given.

import { join } from 'node:path'
import { kindOf } from '../../command/read-file.ts'
import { usage } from '../../command/command.ts'
import type { LogSource } from './log-source.ts'
import { archivedTail } from './archived-tail.ts'
import type { Absent, Entry } from './entry.ts'
import { openJoined } from './joined-files.ts'
import { PublishedLog } from './published-log.ts'
import { segmentEntries, segmentsIn } from './segment-entries.ts'

export const logUsage = `  <log>                  a directory or a tarball that "countersign log export" wrote`

export const archiveOptions = { archive: { type: 'string', multiple: true } } as const

export const archiveUsage = `  --archive <directory>  where entries lie that were pruned from it ("countersign log archive"); repeat it for several`

/** @param archives that hold what was pruned from it. @throws PdpError `usage` when no log lies there. */
export async function openSource(path: string, archives: readonly string[]): Promise<LogSource> {
  if (kindOf(path) === 'absent') throw usage(`${path}: there is no such file; name a log.`)
  // Of a tenant's own data: all that is durable, published or not.
  const folders = segmentFolders(path, archives)
  if (folders !== null)
    return { name: path, entries: () => allOf(path, folders), close: () => undefined }
  const files = await openJoined(path, archives)
  const log = new PublishedLog(files)
  return { name: path, entries: () => log.entries(), close: files.close }
}

function* allOf(path: string, folders: readonly string[]): Generator<Entry | Absent> {
  let next = 0
  for (const one of segmentEntries(folders)) {
    next = 'from' in one ? one.to : one.index + 1
    yield one
  }
  yield* archivedTail(path, next)
}

/** Where segments lie; null when the path is no data directory. @throws PdpError `usage` for an archive that has none. */
export function segmentFolders(
  path: string,
  archives: readonly string[],
): readonly string[] | null {
  const hasSegments = (folder: string): boolean =>
    kindOf(folder) === 'directory' && segmentsIn(folder).length > 0
  if (!hasSegments(join(path, 'log'))) return null
  return [path, ...archives].map((one) => {
    const folder = join(one, 'log')
    if (hasSegments(folder)) return folder
    throw usage(
      `--archive ${one}: it has no segments in log/; name what "countersign log archive" wrote.`,
    )
  })
}
