/** How a crash run publishes its log: as a service does, with the witnesses of a policy if there is one. */
import { uuidv7 } from 'uuidv7'
import type { FileAuditLog } from '../service/adapter/audit-log/file-audit-log.ts'
import { openAuditLog } from '../service/adapter/audit-log/open-audit-log.ts'
import { verifyNote } from '../service/adapter/audit-log/publication/note-signer.ts'
import { systemClock } from '../service/adapter/clock/system-clock.ts'
import { askWitness } from '../service/adapter/witness/ask-witness.ts'
import { readWitnessPolicy } from '../service/adapter/witness/read-policy.ts'
import { printVerifierKey } from '../service/audit/note-key.ts'
import { Publisher } from '../service/flow/publisher.ts'
import { resumePublication } from '../service/flow/resume-publication.ts'
import { Witnessing } from '../service/flow/witnessing.ts'
import { sampleActivation } from './sample-draft.ts'

/** A log that is written, killed and read, time after time. */
export type CrashLog = {
  /** The directory of its tenant. */
  readonly directory: string
  readonly origin: string
  /** A file with the policy of its witnesses; null: nobody cosigns. */
  readonly policy: string | null
}

/** A new log, in which the policy is activated that the drafts of decisions name. @returns its verifier key */
export async function makeCrashLog({ directory, origin }: CrashLog): Promise<string> {
  const log = await openAuditLog({ directory, origin, algorithm: 'ES256' })
  await log.append(sampleActivation(`evt_${uuidv7()}`, Math.floor(Date.now() / 1000)), null)
  await log.close()
  return printVerifierKey(log.publication.key)
}

export async function publisherOf(
  log: FileAuditLog,
  policy: CrashLog['policy'],
): Promise<Publisher> {
  const { publication } = log
  const published = await resumePublication(publication)
  return new Publisher(published, {
    ...{ audit: log, publication, clock: systemClock, failed: () => undefined },
    witnesses: policy === null ? null : witnessesOf(log, policy, published.note),
  })
}

function witnessesOf(log: FileAuditLog, policy: string, note: string | null): Witnessing {
  const rules = {
    policy: readWitnessPolicy(policy, true, log.publication.key),
    ...{ maxAge: 60, denies: false },
  }
  return new Witnessing(rules, note, {
    ...{ verifies: verifyNote, clock: systemClock, random: Math.random, told: () => undefined },
    ask: askWitness({ internal: true, caFile: null }),
  })
}
