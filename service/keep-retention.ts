/** Looks every hour, and at the start, for what has been kept as long as the tenant says, and ends it. */
import { limits } from './contract/limits.ts'
import { endKept, type EndKeptPorts } from './flow/end-kept.ts'

/** @param failed told of each failure; what could not be ended is tried again the next time */
export function keepRetention(
  ports: EndKeptPorts,
  failed: (error: unknown) => void,
): { readonly close: () => Promise<void> } {
  let running: Promise<void> | null = null
  const look = (): void => {
    // A log that has failed takes nothing more, and has been told of.
    if (running !== null || ports.audit.failure() !== null) return
    running = endKept(ports)
      .then(() => undefined, failed)
      .finally(() => (running = null))
  }
  look()
  const timer = setInterval(look, limits.retentionSeconds * 1000)
  return {
    close: async () => {
      clearInterval(timer)
      await running
    },
  }
}
