// countersign log archive: a copy of a tenant's log that verifies by itself, brought up to date as often as one likes.

import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import {
  archiveLog,
  type Archived,
} from '../../../service/adapter/audit-log/archive/archive-log.ts'
import { kindOf } from '../../command/read-file.ts'
import { unwritten } from '../../command/write-file.ts'
import { PdpError } from '../../../service/contract/error-code.ts'
import { type Command, usage } from '../../command/command.ts'
import { onlyPositional, text } from '../../policy/arguments.ts'
import { segmentsIn } from '../read/segment-entries.ts'
import { hex } from '../verify/tree-check.ts'

export const archive: Command = {
  name: 'archive',
  summary:
    'copy a log, with all that verifies it, into a directory from which it may then be pruned',
  usage: `<tenant> --to <directory>

  <tenant>               the data directory of a tenant (<data>/tenants/<id>), a service running on it or not
  --to <directory>       the archive: one that this command wrote for the same log, or one that is empty or not there

Whole segments, with what lies encrypted in them; everything that is published under the checkpoint of this moment; the
keys that verify it, and the bundles that decided. No key that opens or signs anything. What is there already is not copied again, and
a run that was broken off is gone on with by the next. "verify", "reconstruct" and "replay" read an archive as they read a log.

Exit code 0: done. 2: no log lies there, or another is archived there. 3: nothing is published yet, or a disk failed.`,
  options: { to: { type: 'string' } },
  run: async (call) => {
    const tenant = onlyPositional(call, 'the data directory of a tenant')
    const to = text(call, 'to', 'the directory of the archive')
    refuseNoPlace(to)
    refuseNoTenant(tenant)
    const archived = await archiveLog(tenant, to).catch((error: unknown) => {
      throw error instanceof PdpError ? error : unwritten(to, error)
    })
    const { origin, size, root, segments, sealed, first, copied } = archived
    return {
      exit: 0,
      json: {
        archive: to,
        log: { origin, size, root: hex(root) },
        segments,
        sealed,
        first,
        copied,
      },
      text: textOf(to, archived),
    }
  },
}

/** @throws PdpError `usage`. */
function refuseNoPlace(to: string): void {
  if (kindOf(to) === 'directory') return
  const above = dirname(resolve(to))
  if (kindOf(to) === 'absent' && kindOf(above) === 'directory') return
  const why = kindOf(to) === 'absent' ? `${above} is not a directory` : 'it is no directory'
  throw usage(`--to ${to}: ${why}; name a directory, or a place in one where nothing is yet.`)
}

/** @throws PdpError `usage`. */
export function refuseNoTenant(tenant: string): void {
  const folder = join(tenant, 'log')
  if (existsSync(folder) && statSync(folder).isDirectory() && segmentsIn(folder).length > 0) return
  throw usage(
    `${tenant} holds no entries in log/: name the data directory of a tenant (<data>/tenants/<id>).`,
  )
}

function textOf(to: string, { origin, size, segments, sealed, first, copied }: Archived): string {
  const begins = first === 0 ? '' : `, from entry ${String(first)} on`
  return [
    `${to} holds ${String(size)} entries of ${origin}${begins}; ${String(copied)} files were new`,
    sealed === 0
      ? '  no segment is full yet: nothing can be pruned'
      : `  ${String(segments)} whole segments: entries before ${String(sealed)} may be pruned`,
  ].join('\n')
}
