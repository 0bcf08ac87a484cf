// Finds an exported log: in a directory, in a tarball, in what a tenant's data directory has published.

import { usage } from '../../command/command.ts'
import { kindOf } from '../../command/read-file.ts'
import { directoryFiles } from './directory-files.ts'
import type { ExportFiles } from './export-files.ts'
import { tarFiles } from './tar-files.ts'

/** @throws PdpError `usage` when no log lies there. */
export async function openExport(path: string): Promise<ExportFiles> {
  const kind = kindOf(path)
  if (kind === 'absent') throw usage(`${path}: there is no such file; name a log.`)
  if (kind === 'other') throw usage(`${path} is a device or a pipe; name a log.`)
  const files = kind === 'directory' ? directoryFiles(path) : await tarFiles(path)
  if (files !== null) return files
  throw usage(`${path} holds no log: name what "countersign log export" wrote.`)
}
