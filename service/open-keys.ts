/** Looks after the decision keys of one tenant while it is open: ends what is over, rotates what nears its end. */
import type { FileAuditLog } from './adapter/audit-log/file-audit-log.ts'
import type { TenantConfig } from './contract/config.ts'
import { limits } from './contract/limits.ts'
import type { EventPorts } from './flow/record-event.ts'
import { introduceKeys, tendKeys, type KeyPorts } from './flow/signing-keys.ts'
import { Turns } from './flow/turns.ts'

export type OpenKeys = {
  readonly ports: KeyPorts
  /** Why the last look failed; empty when it did not. */
  readonly notices: () => string[]
  /** Waits for a look that is under way. */
  readonly close: () => Promise<void>
}

const day = 86_400

/** @param failed told of each failure that follows a success. @throws PdpError `audit_unavailable`. */
export async function openKeys(
  { signing }: TenantConfig,
  audit: FileAuditLog,
  events: EventPorts,
  failed: (error: unknown) => void,
): Promise<OpenKeys> {
  const rotateDays = signing.rotate_days ?? limits.keyRotateDays
  const ports: KeyPorts = {
    ...events,
    signer: audit.signer,
    turns: new Turns(),
    algorithm: signing.algorithm,
    lifetimeSeconds: (signing.lifetime_days ?? limits.keyLifetimeDays) * day,
    rotateSeconds: rotateDays === 0 ? null : rotateDays * day,
    noteKey: audit.publication.key,
  }
  await introduceKeys(audit.firstKey, ports)
  let failure: string | null = null
  let running: Promise<void> | null = null
  const look = async (): Promise<void> => {
    try {
      await tendKeys(ports)
      failure = null
    } catch (error) {
      if (failure === null) failed(error)
      failure = error instanceof Error ? error.message : String(error)
    } finally {
      running = null
    }
  }
  const timer = setInterval(() => {
    if (audit.failure() === null) running ??= look()
  }, limits.keyLookMilliseconds)
  return {
    ports,
    notices: () => (failure === null ? [] : [`its signing keys cannot be tended: ${failure}`]),
    close: async () => {
      clearInterval(timer)
      await running
    },
  }
}
