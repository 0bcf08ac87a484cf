/** Looks every few seconds for approvals whose time is over without an answer, and logs their end. */
import { limits } from './contract/limits.ts'
import { expireApprovals, type EndPorts } from './flow/end-approval.ts'

/** @param failed told of each failure; what could not be logged is tried again the next time */
export function keepExpired(
  ports: EndPorts,
  failed: (error: unknown) => void,
): { readonly close: () => Promise<void> } {
  let running: Promise<void> | null = null
  const timer = setInterval(() => {
    // A log that has failed takes nothing more, and has been told of.
    if (running !== null || ports.audit.failure() !== null) return
    running = expireApprovals(ports)
      .catch(failed)
      .finally(() => (running = null))
  }, limits.expirySeconds * 1000)
  return {
    close: async () => {
      clearInterval(timer)
      await running
    },
  }
}
