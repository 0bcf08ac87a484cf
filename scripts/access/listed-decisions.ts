// What a running service has decided, page by page to the end of its log.

import type { DecisionList, ListedDecision } from '../../service/contract/decision-list.ts'
import type { Call } from '../command/command.ts'
import { askService } from '../command/running-service.ts'

/** Tells every decision from that time on. @param since in seconds @throws PdpError `usage`, `not_ready`. */
export async function listedSince(
  call: Call,
  since: number,
  take: (decision: ListedDecision) => void,
): Promise<{ readonly tenant: string }> {
  const parameters = new URLSearchParams({ since: new Date(since * 1000).toISOString() })
  for (;;) {
    const path = `/v1/decisions?${parameters.toString()}`
    const { tenant, decisions, next } = (await askService(call, 'GET', path)) as DecisionList
    decisions.forEach(take)
    if (next === null) return { tenant }
    parameters.set('after', next)
  }
}
