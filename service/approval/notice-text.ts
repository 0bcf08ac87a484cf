/** A notice in words, for people: short, without names of persons or content. */
import type { ApprovalNotice } from './notice.ts'

export type NoticeText = { readonly title: string; readonly lines: readonly string[] }

export function noticeText({ event, verdict, approval }: ApprovalNotice): NoticeText {
  const { demand, expiresAt } = approval
  const { group, quorum } = demand
  const what = `${plain(approval.capability ?? 'the server itself')} on ${plain(approval.server)}`
  const who = `${plain(group)}${quorum > 1 ? ` (${String(quorum)} persons)` : ''}`
  switch (event) {
    case 'approval.requested':
      return {
        title: `Approval requested: ${what}`,
        lines: [
          `Who may approve: ${who}.`,
          `Until ${instant(expiresAt)}; then it expires unanswered.`,
        ],
      }
    case 'approval.voted':
      return {
        title: `${votes[verdict ?? 'approve']}: ${what}`,
        lines: [`Asked of: ${who}.`],
      }
    case 'approval.used':
      return { title: `Went ahead by approval: ${what}`, lines: [`Approved by: ${who}.`] }
    case 'approval.cancelled':
      return { title: `Taken back: ${what}`, lines: ['Nobody needs to answer any more.'] }
    case 'approval.expired':
      return {
        title: `Expired unanswered: ${what}`,
        lines: [`It was asked of ${who}, and ended ${instant(expiresAt)}.`],
      }
  }
}

const votes = { approve: 'Approved by one person', deny: 'Refused', comment: 'Commented on' }

const mostCharacters = 120

/** Names come from gateways and servers: nothing of them may end a line or turn the text around. */
function plain(text: string): string {
  const seen = text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, '\uFFFD')
  return seen.length > mostCharacters ? `${seen.slice(0, mostCharacters)}…` : seen
}

function instant(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
