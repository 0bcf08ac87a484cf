/**
 * Tells of callers that were not authenticated: each is counted, and the operator reads why, once a minute for each
 * tenant and reason, so that nobody fills the service log by knocking.
 */
import type { Logger } from 'winston'
import type { CallerFailure } from '../contract/caller-failure.ts'
import type { Metrics } from './metrics.ts'

const quietMilliseconds = 60_000

export function tellCallers(
  log: Logger,
  count: Metrics['callerRefused'],
): (tenant: string | null, reason: CallerFailure) => void {
  const told = new Map<string, number>()
  return (tenant, reason) => {
    count(tenant ?? '', reason)
    const key = `${tenant ?? ''} ${reason}`
    const now = performance.now()
    if (now - (told.get(key) ?? -quietMilliseconds) < quietMilliseconds) return
    told.set(key, now)
    log.warn('a caller was not authenticated', { tenant, reason })
  }
}
