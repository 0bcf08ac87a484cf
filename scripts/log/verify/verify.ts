// countersign log verify: whether an exported log is whole, from its checkpoint to its last leaf.

import { type Call, type Command, type Outcome, usage } from '../../command/command.ts'
import { readGiven } from '../../command/read-file.ts'
import { writeWhole } from '../../command/write-file.ts'
import { onlyPositional, optionalText } from '../../policy/arguments.ts'
import { LogFault } from '../log-fault.ts'
import { printable } from '../printable.ts'
import type { ExportFiles } from '../read/export-files.ts'
import { openExport } from '../read/open-export.ts'
import { PublishedLog } from '../read/published-log.ts'
import { readLogKey } from './checkpoint-check.ts'
import { KeyHistory } from './key-history.ts'
import { readSeen } from './seen.ts'
import { hex } from './tree-check.ts'
import { type Tally, type Trusted, Verification } from './verification.ts'

export const verify: Command = {
  name: 'verify',
  summary: 'whether an exported log is whole, and what the first thing is that is wrong',
  usage: `<log> [options]

  <log>                  a directory or a tarball that "countersign log export" wrote, or what a tenant has published
  --vkey <file>          the log's verifier key, as you had it from somebody you trust (default: the one in the export)
  --jwks <file>          the keys of its leaves, likewise (default: those in the export)
  --origin <name>        the name that the log must have
  --seen <file>          the checkpoint that you saw last: a log that was cut back or rewritten since is found out, and
                         the newer checkpoint is kept there

A single export shows that it is whole, not that it is the last word: a cut back to an older checkpoint that was
signed, or another log by whoever holds the keys, only --seen and --vkey (or a witness) can show.

Exit code 1 when something is wrong: the first thing, and where.`,
  options: {
    vkey: { type: 'string' },
    jwks: { type: 'string' },
    origin: { type: 'string' },
    seen: { type: 'string' },
  },
  run: async (call) => {
    const files = await openExport(onlyPositional(call, 'a log'))
    try {
      return verified(call, files)
    } finally {
      files.close()
    }
  },
}

function verified(call: Call, files: ExportFiles): Outcome {
  const log = new PublishedLog(files)
  const seenFile = optionalText(call, 'seen')
  const { origin, size, root, text } = log.checkpoint
  const told = { log: { origin, size, root: hex(root) }, key: keyFrom(call) }
  let tally: Tally = { leaves: 0, decisions: 0, outcomes: 0, disclosures: 0 }
  try {
    refuseOtherOrigin(optionalText(call, 'origin'), origin)
    const trusted = trustedIn(call, files)
    const verification = new Verification(log, trusted)
    tally = verification.tally
    verification.run()
    if (seenFile !== undefined) writeWhole(seenFile, text)
    const seen = trusted.seen === null ? null : { size: trusted.seen.size }
    const json = { verified: true, ...told, checked: tally, seen, fault: null }
    return { exit: 0, json, text: wholeText(json, seenFile !== undefined) }
  } catch (error) {
    if (!(error instanceof LogFault)) throw error
    const { message, place } = error
    const fault = { ...place, message }
    return {
      exit: 1,
      json: { verified: false, ...told, checked: tally, seen: null, fault },
      text: printable(
        `not verified: ${message} (${String(tally.leaves)} leaves before were right)`,
      ),
    }
  }
}

function keyFrom(call: Call): 'given' | 'export' {
  return optionalText(call, 'vkey') === undefined ? 'export' : 'given'
}

function trustedIn(call: Call, files: ExportFiles): Trusted {
  const [vkey, vkeyName] = trustedFile(call, files, 'vkey', 'keys/log.vkey')
  const [jwks, jwksName] = trustedFile(call, files, 'jwks', 'keys/jwks.json')
  return {
    key: readLogKey(Buffer.from(vkey).toString(), vkeyName),
    keys: new KeyHistory(jwks, jwksName),
    seen: readSeen(optionalText(call, 'seen')),
  }
}

/** What the auditor names, or else what the export has; and how it is called. */
function trustedFile(
  call: Call,
  files: ExportFiles,
  option: 'vkey' | 'jwks',
  path: string,
): readonly [Uint8Array, string] {
  const given = optionalText(call, option)
  if (given !== undefined) return [readGiven(given, 'the keys of the log'), given]
  const bytes = files.read(path)
  if (bytes !== null) return [bytes, `${files.name}: ${path}`]
  throw usage(`${files.name} has no ${path}: give the keys of the log with --${option}.`)
}

function refuseOtherOrigin(expected: string | undefined, found: string): void {
  if (expected === undefined || expected === found) return
  throw new LogFault({
    check: 'origin',
    file: 'checkpoint',
    expected: `the log ${expected}`,
    found,
  })
}

interface Whole {
  readonly log: { readonly origin: string; readonly size: number; readonly root: string }
  readonly key: 'given' | 'export'
  readonly checked: Tally
  readonly seen: { readonly size: number } | null
}

function wholeText({ log, key, checked, seen }: Whole, keeps: boolean): string {
  const { leaves, decisions, outcomes, disclosures } = checked
  return [
    `verified: ${log.origin}, ${String(log.size)} entries, root ${log.root}`,
    `  ${String(leaves)} leaves signed and in order: ${String(decisions)} decisions, ${String(outcomes)} outcomes, ${String(disclosures)} disclosures`,
    ...(key === 'given'
      ? []
      : ['  by the key in the export: hold it against the one you trust (--vkey)']),
    seen !== null
      ? `  it continues the ${String(seen.size)} entries that were seen before`
      : keeps
        ? '  nothing was seen before: whether it is the last word, the next look will show'
        : '  whether it is the last word, a single export cannot show (--seen)',
  ]
    .map((line) => printable(line))
    .join('\n')
}
