/** Keeps one tenant's log published: every second or 256 entries if there is something new, and when it closes. */
import type { FileAuditLog } from './adapter/audit-log/file-audit-log.ts'
import { limits } from './contract/limits.ts'
import { Publisher } from './flow/publisher.ts'
import { recordEvent, type EventPorts } from './flow/record-event.ts'
import { resumePublication } from './flow/resume-publication.ts'

export type OpenPublication = {
  readonly publisher: Publisher
  /** Publishes what is durable by then, for the last time. */
  readonly close: () => Promise<void>
}

/** @param failed told of each failure that follows a success */
export async function openPublication(
  audit: FileAuditLog,
  events: EventPorts,
  failed: (error: unknown) => void,
): Promise<OpenPublication> {
  const { publication } = audit
  const publisher = new Publisher(await resumePublication(publication), {
    ...{ audit, publication, clock: events.clock },
    failed: (error) => {
      failed(error)
      recordFailure(audit, events, error)
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

/** What went wrong as a code, since a message may name paths; a log that takes no entries cannot tell. */
function recordFailure(audit: FileAuditLog, events: EventPorts, error: unknown): void {
  const { code } = error as { readonly code?: unknown }
  recordEvent(events, 'checkpoint_failure', {
    code: typeof code === 'string' ? code : 'internal',
  }).catch((cause: unknown) => {
    audit.stop(cause)
  })
}
