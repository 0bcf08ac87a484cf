// Finds the leaves of a log by the name that was given.

import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { usage } from '../../command/command.ts'
import type { LogSource } from './log-source.ts'
import { segmentEntries, segmentsIn } from './segment-entries.ts'

/** @throws PdpError `usage` when no log lies there. */
export function openSource(path: string): LogSource {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw usage(`${path}: there is no such file; name a log.`)
  const folder = join(path, 'log')
  if (found.isDirectory() && existsSync(folder) && segmentsIn(folder).length > 0) {
    return { name: path, entries: () => segmentEntries(folder), close: () => undefined }
  }
  throw usage(`${path} holds no log: name the data directory of a tenant, <data>/tenants/<id>.`)
}
