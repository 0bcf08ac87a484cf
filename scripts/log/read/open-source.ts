// Finds the leaves of a log by the name that was given.

import { join } from 'node:path'
import { usage } from '../../command/command.ts'
import { kindOf } from '../../command/read-file.ts'
import type { LogSource } from './log-source.ts'
import { segmentEntries, segmentsIn } from './segment-entries.ts'

/** @throws PdpError `usage` when no log lies there. */
export function openSource(path: string): LogSource {
  if (kindOf(path) === 'absent') throw usage(`${path}: there is no such file; name a log.`)
  const folder = join(path, 'log')
  if (kindOf(folder) === 'directory' && segmentsIn(folder).length > 0) {
    return { name: path, entries: () => segmentEntries(folder), close: () => undefined }
  }
  throw usage(`${path} holds no log: name the data directory of a tenant, <data>/tenants/<id>.`)
}
