// countersign log prune: entries that a verified archive holds go, and the log stands on a base in their place.

import { join, resolve } from 'node:path'
import { readFileSync } from 'node:fs'
import { openAuditLog } from '../../../service/adapter/audit-log/open-audit-log.ts'
import { systemClock } from '../../../service/adapter/clock/system-clock.ts'
import { firstUndelivered } from '../../../service/adapter/delivery/cursor-file.ts'
import { parseNote } from '../../../service/audit/signed-note.ts'
import { PdpError } from '../../../service/contract/error-code.ts'
import { openPublication } from '../../../service/open-publication.ts'
import { pruneLog, type Pruned, type PruneAsked } from '../../../service/prune-log.ts'
import { givenInstant } from '../../access/given-instant.ts'
import { type Call, type Command, type Outcome, usage } from '../../command/command.ts'
import { kindOf } from '../../command/read-file.ts'
import { onlyPositional, optionalText, text } from '../../policy/arguments.ts'
import { refuseNoTenant } from '../archive/archive.ts'
import { passphraseIn, secretOptions, secretUsage } from '../tenant-secret.ts'
import { verify } from '../verify/verify.ts'
import { namesOf } from './last-leaf.ts'

export const prune: Command = {
  name: 'prune',
  summary: 'remove entries that an archive holds, while no service runs',
  usage: `<tenant> --before <place> --archive <directory> [options]

  <tenant>               the data directory of a tenant (<data>/tenants/<id>); its service must be stopped
  --before <place>       an index, or a date (a day, midnight UTC, or RFC 3339): no entry from there on
  --archive <directory>  what "countersign log archive" wrote: it is verified, and held against the log byte for byte
  --policy <file>        the witnesses of the log (C2SP tlog-policy), when it has any: nothing is pruned that they have not
                         signed
${secretUsage}

Whole segments go, up to the first that holds an entry which is not to go, or which is still needed: a decision that stands, a
request that people may still answer, an entry that a delivery has still to send. What the others still mean (stops, revocations, sessions, approvals,
keys, erasures, workflows, request ids) is kept in log/base, and a leaf (log_pruned) says all of it before anything is
gone. Hash tiles stay: every proof can be made as before. "verify --archive" reads both as one.

Exit code 0: done, or there was nothing to prune. 1: the archive does not verify. 2: an argument or a file cannot be
used. 3: its service runs, its witnesses have not signed, or a disk failed. Whatever it is, nothing is half done.`,
  options: {
    before: { type: 'string' },
    archive: { type: 'string' },
    policy: { type: 'string' },
    ...secretOptions,
  },
  run: pruneTenant,
}

async function pruneTenant(call: Call): Promise<Outcome> {
  const tenant = onlyPositional(call, 'the data directory of a tenant')
  const before = placeIn(call)
  const archive = text(call, 'archive', 'the archive of the log')
  refuseNoTenant(tenant)
  if (kindOf(archive) !== 'directory')
    throw usage(`--archive ${archive}: there is no such directory; run "countersign log archive".`)
  const policy = policyIn(call, tenant)
  const verified = await verifiedArchive(call, tenant, archive)
  if (verified.exit !== 0) {
    const said = `the archive does not verify, and nothing was pruned:\n${verified.text}`
    return { exit: 1, json: { pruned: null, archive: verified.json }, text: said }
  }
  const pruned = await prunedAt(call, tenant, { before, archive, by: 'operator' }, policy)
  return { exit: 0, json: { pruned, archive }, text: textOf(pruned, archive) }
}

/** @throws PdpError `usage`. */
function placeIn(call: Call): PruneAsked['before'] {
  const given = text(call, 'before', 'an index or a date')
  if (/^(?:0|[1-9]\d{0,14})$/u.test(given)) return { index: Number(given) }
  return { time: givenInstant(call, 'before') ?? 0 }
}

/** @throws PdpError `usage` when the log has witnesses, and they are not named. */
function policyIn(call: Call, tenant: string): string | null {
  const policy = optionalText(call, 'policy')
  if (policy !== undefined) return resolve(policy)
  const path = join(tenant, 'published/checkpoint')
  const note = kindOf(path) === 'file' ? parseNote(readFileSync(path, 'utf8')) : null
  if (note === null || note.signatures.length < 2) return null
  throw usage(`The checkpoint of ${tenant} has cosignatures: name its witnesses with --policy.`)
}

/** By the verifier that an auditor runs, which shares nothing with the writer; against the keys that the log itself has. */
async function verifiedArchive(call: Call, tenant: string, archive: string): Promise<Outcome> {
  const keys = join(tenant, 'published/keys')
  const values = { vkey: join(keys, 'log.vkey'), jwks: join(keys, 'jwks.json') }
  return await verify.run({ ...call, positionals: [archive], values })
}

async function prunedAt(
  call: Call,
  directory: string,
  asked: PruneAsked,
  policy: string | null,
): Promise<Pruned | null> {
  const { origin, tenant, algorithm } = namesOf(join(directory, 'log'))
  const passphrase = await passphraseIn(call)
  const audit = await openAuditLog({ directory, origin, algorithm, passphrase })
  try {
    const clock = {
      now: () => Math.max(systemClock.now(), audit.time() * 1000),
      uuid: () => systemClock.uuid(),
    }
    const events = { tenant, audit, clock }
    let failure: unknown = null
    const publication = await openPublication(audit, events, {
      witness: policy === null ? null : { policy_file: policy, internal: true },
      failed: (error) => (failure = error),
      toldOfWitness: () => undefined,
    })
    try {
      const undelivered = (): Promise<number> => firstUndelivered(join(directory, 'deliveries'))
      return await pruneLog(asked, { audit, publisher: publication.publisher, events, undelivered })
    } finally {
      await publication.close()
      if (failure !== null) throw unpublished(failure)
    }
  } finally {
    await audit.close()
  }
}

function unpublished(cause: unknown): PdpError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new PdpError('not_ready', `The log cannot be published: ${why}`, { cause })
}

function textOf(pruned: Pruned | null, archive: string): string {
  if (pruned === null)
    return 'nothing was pruned: no whole segment lies before that place which is not needed any more'
  const { from, to, leaf } = pruned
  return `pruned the entries ${String(from)} to ${String(to - 1)}, which ${archive} holds; entry ${String(leaf)} says so`
}
