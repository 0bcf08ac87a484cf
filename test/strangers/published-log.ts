/** Real logs for strangers to verify: one with three checkpoints, a fork of it, and one of another key. */
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sampleEvent } from '../../scripts/sample-draft.ts'
import type { FileAuditLog } from '../../service/adapter/audit-log/file-audit-log.ts'
import { systemClock } from '../../service/adapter/clock/system-clock.ts'
import { proveLogged } from '../../service/flow/prove-logged.ts'
import { Publisher } from '../../service/flow/publisher.ts'
import { resumePublication } from '../../service/flow/resume-publication.ts'
import type { TemporaryLogs } from '../adapter/audit-log/temporary-log.ts'

export const origin = 'pdp.test/acme'
/** Entries under the checkpoint that others cut back to, under the one that was seen, and now. */
export const sizes = { older: 300, seen: 500, now: 700 } as const

/** One published directory, and what its reader was told beside it. */
export type Snapshot = {
  readonly directory: string
  readonly vkey: string
  /** The path of a checkpoint that was seen before. */
  readonly seen: string
}

export type Stage = {
  readonly good: Snapshot
  /** The directory as it was before its checkpoint was seen. */
  readonly older: string
  /** Other entries under the same name and key. */
  readonly fork: string
  /** Other entries under the same name and another key. */
  readonly stranger: string
  /** Signs a checkpoint's text with the note key of the log. */
  readonly sign: (text: string) => Promise<Uint8Array>
  readonly keyId: Uint8Array
  /** A proof and its entry, as files. */
  readonly proof: { readonly path: string; readonly leaf: string; readonly text: string }
  readonly token: string
}

async function grow(log: FileAuditLog, to: number, name: string): Promise<void> {
  const drafts = Array.from({ length: to - log.size() }, (_, i) =>
    sampleEvent(`${name}_${String(log.size() + i)}`, 'wf_1', 1_900_000_000),
  )
  await Promise.all(drafts.map((draft) => log.append(draft, null)))
}

async function publisherOf(log: FileAuditLog): Promise<Publisher> {
  return new Publisher(await resumePublication(log.publication), {
    ...{ audit: log, publication: log.publication, clock: systemClock, witnesses: null },
    failed: (error) => {
      throw error
    },
  })
}

export async function makeStage(logs: TemporaryLogs): Promise<Stage> {
  const [home, older, forked, other] = [1, 2, 3, 4].map(() => logs.directory()) as [
    string,
    string,
    string,
    string,
  ]
  const log = await logs.open(home, { origin })
  const publisher = await publisherOf(log)
  await grow(log, sizes.older, 'evt')
  await publisher.publish()
  cpSync(join(home, 'published'), older, { recursive: true })
  await grow(log, sizes.seen, 'evt')
  await publisher.publish()
  cpSync(join(home, 'published/checkpoint'), join(home, 'seen'))
  await grow(log, sizes.now, 'evt')
  await publisher.publish()
  const directory = join(home, 'published')
  const [recorded] = await log.entries(257, 1)
  const text = await proveLogged(recorded!, publisher)
  mkdirSync(join(forked, 'keys'), { mode: 0o700 })
  cpSync(join(home, 'keys/note-ed25519.jwk'), join(forked, 'keys/note-ed25519.jwk'))
  for (const at of [forked, other]) {
    const second = await logs.open(at, { origin })
    await grow(second, sizes.now, 'other')
    await (await publisherOf(second)).publish()
  }
  return {
    good: {
      directory,
      vkey: readFileSync(join(directory, 'keys/log.vkey'), 'utf8').trim(),
      seen: join(home, 'seen'),
    },
    ...{ older, fork: join(forked, 'published'), stranger: join(other, 'published') },
    sign: (checkpoint) => log.publication.sign(checkpoint),
    keyId: log.publication.key.id,
    proof: { path: join(home, 'proof'), leaf: join(home, 'leaf'), text },
    token: recorded!.token,
  }
}
