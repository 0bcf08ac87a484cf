// countersign log reindex: the disaster drill. The index of a tenant's log is made anew from the log itself, while no service runs.

import { reindexLog } from '../../../service/adapter/audit-log/reindex.ts'
import type { Command } from '../../command/command.ts'
import { onlyPositional } from '../../policy/arguments.ts'
import { passphraseIn, secretOptions, secretUsage } from '../tenant-secret.ts'

export const reindex: Command = {
  name: 'reindex',
  summary: 'make the index of a tenant anew from its log, while no service runs',
  usage: `<tenant> [--passphrase-file <file>]

  <tenant>               the data directory of a tenant (<data>/tenants/<id>); its service must be stopped
${secretUsage}

Every entry of log/ is read and held against the checkpoints that were signed; only then index/ is replaced. What an
interrupted write left at the very end of the log, and was never answered, is cut as by a start of the service.

Exit code 0: done. 2: no log lies there, or a key is missing. 3: its service runs, the log is damaged, or a disk failed.`,
  options: secretOptions,
  run: async (call) => {
    const directory = onlyPositional(call, 'the data directory of a tenant')
    const passphrase = await passphraseIn(call)
    const { origin, entries, root, checkpoint } = await reindexLog(directory, passphrase)
    const against =
      checkpoint === null
        ? 'no checkpoint of it was ever signed'
        : `they agree with the last signed checkpoint, over ${String(checkpoint)} entries`
    return {
      exit: 0,
      json: { log: { origin, size: entries, root }, checkpoint },
      text: `indexed ${String(entries)} entries of ${origin}; ${against}`,
    }
  },
}
