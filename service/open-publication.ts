/** Keeps one tenant's log published: every second or 256 entries if there is something new, and when it closes. */
import type { FileAuditLog } from './adapter/audit-log/file-audit-log.ts'
import { verifyNote } from './adapter/audit-log/publication/note-signer.ts'
import { askWitness } from './adapter/witness/ask-witness.ts'
import { readWitnessPolicy } from './adapter/witness/read-policy.ts'
import type { WitnessConfig } from './contract/config.ts'
import { limits } from './contract/limits.ts'
import { Publisher } from './flow/publisher.ts'
import { recordEvent, type EventPorts } from './flow/record-event.ts'
import { resumePublication } from './flow/resume-publication.ts'
import { WitnessedHistory } from './flow/witnessed-history.ts'
import { Witnessing, type WitnessNotice } from './flow/witnessing.ts'

export type OpenPublication = {
  readonly publisher: Publisher
  /** Publishes what is durable by then, for the last time. */
  readonly close: () => Promise<void>
}

export type PublicationOptions = {
  /** Null: nobody cosigns. */
  readonly witness: WitnessConfig | null
  /** Told of each failure that follows a success. */
  readonly failed: (error: unknown) => void
  readonly toldOfWitness: (notice: WitnessNotice) => void
}

/** @throws PdpError `config_invalid` for a policy of witnesses that cannot be used. */
export async function openPublication(
  audit: FileAuditLog,
  events: EventPorts,
  { witness, failed, toldOfWitness }: PublicationOptions,
): Promise<OpenPublication> {
  const { publication } = audit
  const published = await resumePublication(publication, audit.first())
  const told = (notice: WitnessNotice): void => {
    toldOfWitness(notice)
    if (notice.event !== 'disputed') return
    const { kind, size } = notice.dispute
    record(audit, events, { code: `witness_${kind}`, witness: notice.witness, size })
  }
  const publisher = new Publisher(published, {
    ...{ audit, publication, clock: events.clock },
    ...(witness === null ? {} : { history: await WitnessedHistory.resume(publication) }),
    witnesses:
      witness === null
        ? null
        : new Witnessing(rulesIn(witness, audit), published.note, {
            ...{ verifies: verifyNote, clock: events.clock, random: Math.random, told },
            ask: askWitness({
              internal: witness.internal ?? false,
              caFile: witness.ca_file ?? null,
            }),
          }),
    failed: (error) => {
      failed(error)
      // As a code: a message may name paths.
      const { code } = error as { readonly code?: unknown }
      record(audit, events, { code: typeof code === 'string' ? code : 'internal' })
    },
  })
  return { publisher, close: keepPublished(audit, publisher) }
}

/** Decisions never wait for this: the log only says that it has grown, and the work begins in another turn. */
function keepPublished(audit: FileAuditLog, publisher: Publisher): () => Promise<void> {
  let soon: NodeJS.Immediate | null = null
  const publish = (): void => {
    soon = null
    void publisher.publish()
  }
  const timer = setInterval(publish, limits.publishMilliseconds)
  audit.whenGrown(() => {
    const isMuch = audit.size() - publisher.size >= limits.publishEntries
    // While it fails, only time brings the next attempt.
    if (isMuch && !publisher.isRunning && publisher.failure === null) soon ??= setImmediate(publish)
  })
  return async () => {
    clearInterval(timer)
    audit.whenGrown(() => undefined)
    if (soon !== null) clearImmediate(soon)
    await publisher.publish()
  }
}

function rulesIn(witness: WitnessConfig, { publication }: FileAuditLog): Witnessing['rules'] {
  const { policy_file: path, internal = false } = witness
  return {
    policy: readWitnessPolicy(path, internal, publication.key),
    maxAge: witness.max_age_seconds ?? limits.witnessAgeSeconds,
    denies: witness.deny_without_quorum ?? false,
  }
}

/** A log that takes no entries cannot tell. */
function record(audit: FileAuditLog, events: EventPorts, event: Record<string, unknown>): void {
  recordEvent(events, 'checkpoint_failure', event).catch((cause: unknown) => {
    audit.stop(cause)
  })
}
