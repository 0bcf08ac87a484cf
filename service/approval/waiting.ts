/** What waits for people, by group: asked for, not over, and answered by nobody. */
import type { Approvals } from './approvals.ts'

export type Waiting = {
  readonly group: string
  readonly count: number
  /** Seconds since the oldest was asked for. */
  readonly oldest: number
}

/** @param now seconds since the epoch */
export function waitingIn(approvals: Approvals, now: number): readonly Waiting[] {
  const waiting = approvals.list().filter(({ id, uses, votes }) => {
    const isAnswered = uses.length > 0 || votes.some(({ verdict }) => verdict !== 'comment')
    return !isAnswered && approvals.isOpen(id, now)
  })
  return [...Map.groupBy(waiting, ({ demand }) => demand.group)].map(([group, all]) => ({
    ...{ group, count: all.length },
    oldest: now - Math.min(...all.map(({ requestedAt }) => requestedAt)),
  }))
}
