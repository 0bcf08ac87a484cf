// countersign log verify: whether an exported log is whole, from its checkpoint to its last leaf.

import type { NoteKey } from '../../../service/audit/note-key.ts'
import type { WitnessPolicy } from '../../../service/audit/witness-policy.ts'
import { type Call, type Command, type Outcome, usage } from '../../command/command.ts'
import { readGiven } from '../../command/read-file.ts'
import { writeWhole } from '../../command/write-file.ts'
import { onlyPositional, optionalText, texts } from '../../policy/arguments.ts'
import { LogFault } from '../log-fault.ts'
import { instantText, printable } from '../printable.ts'
import type { ExportFiles } from '../read/export-files.ts'
import { openJoined } from '../read/joined-files.ts'
import { MalformedFile } from '../read/malformed-file.ts'
import { PublishedLog } from '../read/published-log.ts'
import { readShown, type ShownFile } from '../read/shown-file.ts'
import { witnessedFiles } from '../read/witnessed-files.ts'
import { readLogKey } from './checkpoint-check.ts'
import { KeyHistory, keysIn } from './key-history.ts'
import { readSeen } from './seen.ts'
import { doubtLines } from './doubt-text.ts'
import { hex } from './tree-check.ts'
import { keyInPolicy, readPolicy, type Cosigned } from './witness-check.ts'
import { readWitnessed, readWitnessKey } from './witnessed.ts'
import { type Doubts, type Tally, type Trusted, Verification } from './verification.ts'

export const verify: Command = {
  name: 'verify',
  summary: 'whether an exported log is whole, and what the first thing is that is wrong',
  usage: `<log> [options]

  <log>                  a directory or a tarball that "countersign log export" wrote, or what a tenant has published
  --vkey <file>          the log's verifier key, as you had it from somebody you trust (default: the one in the export)
  --jwks <file>          the keys of its leaves, likewise (default: those in the export)
  --origin <name>        the name that the log must have
  --policy <file>        the witnesses that must have signed its checkpoint (C2SP tlog-policy); a "log" line of it
                         is the log's verifier key too. By their clocks the checkpoints that are kept in the log
                         (witnessed/) say what stood in it when
  --seen <file>          the checkpoint that you saw last: a log that was cut back or rewritten since is found out, and
                         the newer checkpoint is kept there
  --archive <directory>  where entries lie that were pruned from it (what "countersign log archive" wrote): both are read as
                         one log; repeat it for several
  --witness <file>       the verifier key of a witness whom you trust, whoever else has signed; repeat it for several
  --witnessed <file>     a checkpoint that a witness has signed, kept from before; repeat it for several

  --disclosure <file>    fields of one decision that "countersign log disclose" wrote: whether its leaf commits to them

A single export shows that it is whole, not that it is the last word: a cut back to an older checkpoint that was
signed, or another log by whoever holds the keys, only --seen, or --vkey with witnesses (--policy), can show.

Leaves that a revoked key signed after the moment from which it counts as compromised are suspect, unless a witness saw them
before it: they are listed by ranges, as are those that only say themselves that they are older. A witness saw a leaf when the
quorum of --policy, or any --witness, had cosigned a checkpoint over it.

Of a log that was pruned, entries that lie in no archive that was named are not seen: their hashes are, and a leaf must say that they
were pruned. What refers to them is then not held against them; the result says which entries these are ("unseen").

Exit code 1 when something is wrong, a file of the log that is not what it must be included: the first thing, and where; or when
leaves are suspect.`,
  options: {
    vkey: { type: 'string' },
    jwks: { type: 'string' },
    origin: { type: 'string' },
    policy: { type: 'string' },
    seen: { type: 'string' },
    disclosure: { type: 'string' },
    archive: { type: 'string', multiple: true },
    witness: { type: 'string', multiple: true },
    witnessed: { type: 'string', multiple: true },
  },
  run: async (call) => {
    const files = await openJoined(onlyPositional(call, 'a log'), texts(call, 'archive'))
    try {
      return verified(call, files)
    } finally {
      files.close()
    }
  },
}

function verified(call: Call, files: ExportFiles): Outcome {
  const seenFile = optionalText(call, 'seen')
  const policy = readPolicy(optionalText(call, 'policy'))
  const key = keyFrom(call, policy)
  let told: Told | null = null
  let tally: Tally = { leaves: 0, decisions: 0, outcomes: 0, disclosures: 0 }
  try {
    // Before the checkpoint, which a service that runs may move on meanwhile.
    const kept = [...witnessedFiles(files)]
    const log = new PublishedLog(files)
    const { origin, size, root, text } = log.checkpoint
    told = { origin, size, root: hex(root) }
    refuseOtherOrigin(optionalText(call, 'origin'), origin)
    const trusted = {
      ...trustedIn(call, files, policy, origin),
      kept: kept.map(({ checkpoint, path }) => ({ checkpoint, file: path })),
    }
    const verification = new Verification(log, trusted)
    tally = verification.tally
    const doubts = verification.run()
    if (seenFile !== undefined) writeWhole(seenFile, text)
    const seen = trusted.seen === null ? null : { size: trusted.seen.size }
    const shown = trusted.shown === null ? null : shownPart(trusted.shown)
    const witnesses = verification.cosigned
    const whole = { verified: true, log: told, key, checked: tally, seen, witnesses, shown }
    const json = { ...whole, ...doubts, fault: null }
    const exit = doubts.suspect.length === 0 ? 0 : 1
    return { exit, json, text: wholeText(json, seenFile !== undefined) }
  } catch (error) {
    const { message, place } = faultIn(error)
    const fault = { ...place, message }
    return {
      exit: 1,
      json: {
        ...{ verified: false, log: told, key, checked: tally },
        ...{ seen: null, witnesses: null, shown: null, ...noDoubts, fault },
      },
      text: printable(
        `not verified: ${message} (${String(tally.leaves)} leaves before were right)`,
      ),
    }
  }
}

const noDoubts: Doubts = { suspect: [], unwitnessed: [], introduced: [], unseen: null }

function shownPart({ decision_id: id, fields }: ShownFile): NonNullable<Whole['shown']> {
  return { decision_id: id, fields: fields.map(({ pointer }) => pointer) }
}

function keyFrom(call: Call, policy: WitnessPolicy | null): 'given' | 'export' {
  const isInPolicy = policy !== null && policy.logs.length > 0
  return optionalText(call, 'vkey') === undefined && !isInPolicy ? 'export' : 'given'
}

function trustedIn(
  call: Call,
  files: ExportFiles,
  policy: WitnessPolicy | null,
  origin: string,
): Omit<Trusted, 'kept'> {
  const [keys, name] = trustedFile(call, files, {
    ...{ option: 'jwks', path: 'keys/jwks.json', expected: 'a JWK set', read: keysIn },
    advice: 'name a file with the keys of the log',
  })
  return {
    key: trustedKey(call, files, keyInPolicy(policy, origin)),
    keys: new KeyHistory(keys, name),
    seen: readSeen(optionalText(call, 'seen')),
    policy,
    witnesses: texts(call, 'witness').map(readWitnessKey),
    witnessed: texts(call, 'witnessed').map(readWitnessed),
    shown: shownIn(call),
  }
}

function shownIn(call: Call): ShownFile | null {
  const file = optionalText(call, 'disclosure')
  return file === undefined ? null : readShown(file)
}

interface KindOfKeys<T> {
  readonly option: 'vkey' | 'jwks'
  /** Inside the export. */
  readonly path: string
  readonly expected: string
  readonly advice: string
  /** Null for what is none. */
  readonly read: (bytes: Uint8Array) => T | null
}

/** What the auditor names comes first, then what his policy has. */
function trustedKey(call: Call, files: ExportFiles, inPolicy: NoteKey | null): NoteKey {
  if (inPolicy !== null && optionalText(call, 'vkey') === undefined) return inPolicy
  const [key] = trustedFile(call, files, {
    ...{ option: 'vkey', path: 'keys/log.vkey', expected: 'a verifier key of a log' },
    read: (bytes) => readLogKey(Buffer.from(bytes).toString()),
    advice: 'name a file with <name>+<id>+<key>',
  })
  return key
}

/** What the auditor names, or else what the export has; and how it is called. */
function trustedFile<T>(
  call: Call,
  files: ExportFiles,
  { option, path, expected, advice, read }: KindOfKeys<T>,
): readonly [T, string] {
  const given = optionalText(call, option)
  if (given !== undefined) {
    const keys = read(readGiven(given, 'the keys of the log'))
    if (keys !== null) return [keys, given]
    throw usage(`${given} is not ${expected}: ${advice}.`)
  }
  const bytes = files.read(path)
  if (bytes === null)
    throw usage(`${files.name} has no ${path}: give the keys of the log with --${option}.`)
  const keys = read(bytes)
  if (keys !== null) return [keys, `${files.name}: ${path}`]
  throw new MalformedFile(files.name, { file: path, expected, found: 'something else' }, advice)
}

/** @throws the error when it is not about the log. */
function faultIn(error: unknown): LogFault {
  if (error instanceof LogFault) return error
  if (!(error instanceof MalformedFile)) throw error
  const { file, expected, found } = error
  const [, check] = checks.find(([start]) => file.startsWith(start)) ?? ['', 'checkpoint']
  return new LogFault({ check, file, expected, found })
}

/** What a file is read for, by how its path begins. */
const checks = [
  ['keys/log', 'note_key'],
  ['keys/', 'key'],
  ['tile/entries/', 'entries'],
  ['tile/', 'tile'],
  ['disclosures/', 'disclosure'],
  ['witnessed/', 'witness'],
] as const

function refuseOtherOrigin(expected: string | undefined, found: string): void {
  if (expected === undefined || expected === found) return
  throw new LogFault({
    check: 'origin',
    file: 'checkpoint',
    expected: `the log ${expected}`,
    found,
  })
}

interface Told {
  readonly origin: string
  readonly size: number
  readonly root: string
}

interface Whole extends Doubts {
  readonly log: Told
  readonly key: 'given' | 'export'
  readonly checked: Tally
  readonly seen: { readonly size: number } | null
  readonly witnesses: readonly Cosigned[] | null
  readonly shown: { readonly decision_id: string; readonly fields: readonly string[] } | null
}

function wholeText(
  { log, key, checked, seen, witnesses, shown, ...doubts }: Whole,
  keeps: boolean,
): string {
  const { leaves, decisions, outcomes, disclosures } = checked
  return [
    `verified: ${log.origin}, ${String(log.size)} entries, root ${log.root}`,
    `  ${String(leaves)} leaves signed and in order: ${String(decisions)} decisions, ${String(outcomes)} outcomes, ${String(disclosures)} disclosures`,
    ...(shown === null
      ? []
      : [
          `  what is shown of ${shown.decision_id} is what was recorded: ${shown.fields.join(', ')}`,
        ]),
    ...(key === 'given'
      ? []
      : ['  by the key in the export: hold it against the one you trust (--vkey)']),
    ...(witnesses === null ? [] : [`  cosigned by ${witnessesText(witnesses)}`]),
    seen !== null
      ? `  it continues the ${String(seen.size)} entries that were seen before`
      : keeps
        ? '  nothing was seen before: whether it is the last word, the next look will show'
        : '  whether it is the last word, a single export cannot show (--seen)',
    ...doubtLines(doubts),
  ]
    .map((line) => printable(line))
    .join('\n')
}

function witnessesText(cosigned: readonly Cosigned[]): string {
  const each = cosigned.map(({ witness, time }) => `${witness} at ${instantText(time)}`)
  return each.length === 0 ? 'nobody, and the policy demands none' : each.join(', ')
}
