// countersign log export: what a tenant has published, for an auditor to take away; with disclosures, if he may see some.

import { tileWidth } from '../../../service/audit/tile.ts'
import { type Call, type Command, type Outcome, usage } from '../../command/command.ts'
import { onlyPositional, text, texts } from '../../policy/arguments.ts'
import type { ExportFiles } from '../read/export-files.ts'
import { openJoined } from '../read/joined-files.ts'
import { archiveOptions, archiveUsage, segmentFolders } from '../read/open-source.ts'
import { firstBundle, PublishedLog } from '../read/published-log.ts'
import { askedIn, askedOptions, askedUsage } from '../reconstruct/asked.ts'
import { passphraseIn, secretOptions, secretUsage } from '../tenant-secret.ts'
import { hex } from '../verify/tree-check.ts'
import { disclosingOf } from './disclosing.ts'
import { type Disclosing, exportedFiles } from './exported-files.ts'
import { SealedDisclosures } from './sealed-disclosures.ts'
import { exportLines, formatIn, formattedOptions } from './formatted-export.ts'
import { writeExport } from './write-export.ts'

export const exportLog: Command = {
  name: 'export',
  summary: 'take away what a tenant has published, for an auditor',
  usage: `<log> --out <place> [options]

  <log>                  the data directory of a tenant (<data>/tenants/<id>), a service running on it or not; or an export
${archiveUsage}
  --out <place>          a file *.tar, *.tar.gz or *.tgz, or a directory that is empty or not there
  --format <name>        instead of the log itself, a file of lines for other programs: opa-decision-log, ocsf, cloudevents,
                         jsonl or csv (by gzip when --out ends in .gz); the following options choose its lines
  --after <index>        with --format: only what comes after that entry ("next" of the export before)
  --position <file>      with --format: go on from where the last export with that file ended, and note it there
  --disclose             with what is disclosed of the decisions that the following options choose; the tenant's keys
                         open it, and are not exported
${secretUsage}

${askedUsage}

The log is only read, without a lock: the export is that of the checkpoint that was published last. In lines, cloudevents
and jsonl have every kind of entry, the others decisions. A position is noted when the file is whole on disk: what is
lost with a crash in between is written again.

Exit code 0; 2: an argument or a file cannot be used. 3: a disk failed, or the log is not published whole.`,
  options: {
    ...{ ...askedOptions, ...formattedOptions, ...secretOptions, ...archiveOptions },
    ...{ out: { type: 'string' }, disclose: { type: 'boolean' } },
  },
  run: async (call) => {
    const path = onlyPositional(call, 'a log')
    const out = text(call, 'out', 'a place for the export')
    const format = formatIn(call)
    if (format !== null) return await exportLines(call, path, out, format)
    const disclosing = await disclosingIn(call, path)
    const files = await openJoined(path, texts(call, 'archive'))
    try {
      return await exported(files, out, disclosing)
    } finally {
      files.close()
    }
  },
}

async function exported(files: ExportFiles, out: string, disclosing: Disclosing): Promise<Outcome> {
  const log = new PublishedLog(files)
  let disclosed = 0
  const counting: Disclosing = (from, to) => {
    const texts = disclosing(from, to)
    disclosed += texts.size
    return texts
  }
  await writeExport(out, exportedFiles(files, log, counting))
  const { origin, size, root } = log.checkpoint
  const first = firstBundle(log) * tileWidth
  return {
    exit: 0,
    json: { out, log: { origin, size, root: hex(root) }, first, disclosed },
    text: `exported ${entriesText(first, size)} of ${origin} to ${out}, ${String(disclosed)} with what was disclosed`,
  }
}

/** Of a log that was pruned, and whose archive was not named, only what it holds is taken away. */
function entriesText(first: number, size: number): string {
  return first === 0
    ? `${String(size)} entries`
    : `the entries ${String(first)} to ${String(size - 1)} (those before were pruned: --archive)`
}

const nothing: Disclosing = () => new Map()

/** @throws PdpError `usage`. */
async function disclosingIn(call: Call, path: string): Promise<Disclosing> {
  const passphrase = await passphraseIn(call)
  const chosen = Object.keys(askedOptions).filter((name) => call.values[name] !== undefined)
  if (call.values['disclose'] !== true) {
    if (chosen.length === 0) return nothing
    throw usage(`--${chosen.join(', --')}: give --disclose too; a log is exported whole.`)
  }
  const asked = askedIn(call)
  const { initiator = null } = asked
  if (initiator !== null && !initiator.startsWith('hmac:')) {
    throw usage('--initiator: give the pseudonym that leaves have (hmac:…).')
  }
  const folders = segmentFolders(path, texts(call, 'archive'))
  if (folders !== null) {
    const sealed = await SealedDisclosures.of(path, passphrase)
    return disclosingOf(folders, asked, sealed, initiator)
  }
  throw usage(`${path} has no log/: name the data directory of a tenant to disclose from.`)
}
