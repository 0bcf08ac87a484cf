// Finds the leaves of a log by the name that was given.

import { join } from 'node:path'
import { kindOf } from '../../command/read-file.ts'
import { usage } from '../../command/command.ts'
import type { LogSource } from './log-source.ts'
import { openExport } from './open-export.ts'
import { PublishedLog } from './published-log.ts'
import { segmentEntries, segmentsIn } from './segment-entries.ts'

export const logUsage = `  <log>                  a directory or a tarball that "countersign log export" wrote`

/** @throws PdpError `usage` when no log lies there. */
export async function openSource(path: string): Promise<LogSource> {
  if (kindOf(path) === 'absent') throw usage(`${path}: there is no such file; name a log.`)
  const folder = join(path, 'log')
  // Of a tenant's own data: all that is durable, published or not.
  if (kindOf(folder) === 'directory' && segmentsIn(folder).length > 0) {
    return { name: path, entries: () => segmentEntries(folder), close: () => undefined }
  }
  const files = await openExport(path)
  const log = new PublishedLog(files)
  return { name: path, entries: () => log.entries(), close: files.close }
}
