/** What waits for a person, what waits for others, and what was answered. */
import { shownDigestOf } from '../../../approval/statement.ts'
import type { Approval } from '../../../approval/approval.ts'
import { findApproval, viewOf } from '../../../flow/approval-view.ts'
import { html, json, type Answer } from '../answer.ts'
import { awaitedFrom, seenBy } from '../awaited.ts'
import { queuePage, type QueueItem } from '../page/queue-page.ts'
import { digestOfText } from '../../../statement/digest.ts'
import type { ConsoleRoute, Visit } from '../visit.ts'

/** Of which what is asked is read from the log; the rest are named. */
const described = 25
const listed = 50

async function queue(visit: Visit): Promise<Answer> {
  const { tenant } = visit
  const awaited = awaitedFrom(visit)
  const mine = new Set(awaited.map(({ id }) => id))
  const others = seenBy(visit)
    .filter(({ id }) => !mine.has(id))
    .map((approval) => viewOf(approval, null, tenant))
  const open = others.filter(({ status }) => status === 'pending' || status === 'approved')
  const over = others.filter(({ status }) => status !== 'pending' && status !== 'approved')
  return html(
    queuePage(visit, {
      version: versionFor(visit),
      awaited: await Promise.all(awaited.slice(0, described).map((view) => describe(view, visit))),
      more: Math.max(0, awaited.length - described),
      ...{ open: open.slice(0, listed), over: over.slice(0, listed) },
    }),
  )
}

async function describe(view: QueueItem['view'], { tenant }: Visit): Promise<QueueItem> {
  const { statement, approval } = await findApproval(view.id, tenant)
  const isWhole = statement !== null && shownDigestOf(statement) === approval.shownDigest
  return { view, statement: isWhole ? statement : null }
}

/** Another whenever something is asked, answered or over. */
function versionFor(visit: Visit): string {
  const now = visit.service.console.now()
  const states = seenBy(visit).map(
    ({ id, votes, usedBy, isCancelled, expiresAt, asked }: Approval) => [
      ...[id, votes.length, usedBy, isCancelled, expiresAt <= now, asked],
    ],
  )
  return digestOfText(JSON.stringify(states)).slice(7, 23)
}

export const queueRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/console', signedIn: queue },
  {
    method: 'get',
    path: '/console/pulse/approvals',
    signedIn: (visit) => Promise.resolve(json({ version: versionFor(visit) })),
  },
]
