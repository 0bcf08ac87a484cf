/** How things of the wire are called on a page. */
import type { Grade } from '../../../contract/policy-input.ts'
import { span, time, type VNode } from './element.ts'

export const gradeWords: Readonly<Record<Grade, string>> = {
  pop: 'proved, and holds the key',
  bearer: 'proved by a token',
  forwarded: 'proved to the gateway',
  asserted: 'only said',
  none: 'not proved',
}

/** How well something is proved, as a badge. */
export function gradeBadge(grade: string): VNode {
  const known = Object.hasOwn(gradeWords, grade) ? (grade as Grade) : 'none'
  const tone =
    known === 'pop' || known === 'bearer' ? 'good' : known === 'forwarded' ? 'fair' : 'bad'
  return span({ class: `badge ${tone}` }, gradeWords[known])
}

const tones: Readonly<Record<string, string>> = {
  ...{ approved: 'good', used: 'good', permit: 'good', executed: 'good', approve: 'good' },
  ...{ pending: 'fair', hold: 'fair', suppressed: 'fair' },
  ...{ denied: 'bad', deny: 'bad', failed: 'bad' },
}

const words: Readonly<Record<string, string>> = {
  ...{ pending: 'waiting', used: 'approved and used', expired: 'ended unanswered' },
  ...{
    cancelled: 'taken back',
    permit: 'permitted',
    hold: 'held',
    deny: 'denied',
    approve: 'approved',
  },
}

export function wordFor(status: string): string {
  return words[status] ?? status
}

export function toneFor(status: string): string {
  return tones[status] ?? 'plain'
}

export function statusBadge(status: string): VNode {
  return span({ class: `badge ${toneFor(status)}` }, wordFor(status))
}

/** @param at seconds since the epoch */
export function instant(at: number, now: number): VNode {
  const iso = new Date(at * 1000).toISOString()
  return time({ datetime: iso, title: utc(at) }, distance(at - now))
}

/** `2026-12-01 04:05:06 UTC` */
export function utc(at: number): string {
  return `${new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

function distance(seconds: number): string {
  const text = lengthOf(Math.abs(seconds))
  if (Math.abs(seconds) < 5) return 'now'
  return seconds < 0 ? `${text} ago` : `in ${text}`
}

function lengthOf(seconds: number): string {
  if (seconds < 90) return `${String(seconds)} s`
  if (seconds < 90 * 60) return `${String(Math.round(seconds / 60))} min`
  if (seconds < 36 * 3600) return `${String(Math.round(seconds / 3600))} h`
  return `${String(Math.round(seconds / 86_400))} days`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`
}
