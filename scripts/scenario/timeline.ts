// What the log tells of a scenario, an entry a line; what was asked at once, in whatever order it came, is one line.

import type { DecisionLeaf, Leaf } from '../../service/contract/leaf.ts'
import { answeredEffect } from '../../service/contract/observation.ts'

/** Entries that tell of the service and not of what was asked of it are left out. */
const told: ReadonlySet<Leaf['kind']> = new Set([
  'decision',
  'outcome',
  'approval_vote',
  'approval_vote_refused',
  'approval_cancelled',
  'approval_expired',
  'kill_switch',
  'kill_switch_lifted',
  'start',
])

/** @param atOnce decisions that were asked for at once, each with what names them together */
export function timelineOf(
  leaves: readonly Leaf[],
  atOnce: ReadonlyMap<string, number>,
): readonly string[] {
  const seen = new Set<number>()
  return leaves
    .filter(({ kind }) => told.has(kind))
    .flatMap((leaf) => {
      const group = atOnce.get(leaf.jti)
      if (group === undefined || leaf.kind !== 'decision') return [lineOf(leaf)]
      if (seen.has(group)) return []
      seen.add(group)
      const all = leaves.filter(({ jti }) => atOnce.get(jti) === group) as readonly DecisionLeaf[]
      const permits = all.filter((one) => answeredEffect(one) === 'permit').length
      return [`${String(all.length)} at once, ${String(permits)} permit: ${nameOf(leaf)}`]
    })
}

function lineOf(leaf: Leaf): string {
  if (leaf.kind === 'decision') return decisionLine(leaf)
  const { status, verdict, refusal } = leaf.event
  const what = [status, verdict, refusal].filter((word) => typeof word === 'string')
  return [leaf.kind, ...what].join(' ')
}

function decisionLine(leaf: DecisionLeaf): string {
  const codes = leaf.reasons.map(({ code }) => code).sort()
  const why = codes.length === 0 ? '' : ` (${codes.join(' ')})`
  const used = leaf.approval === undefined ? '' : ' by approval'
  return `${answeredEffect(leaf)} ${nameOf(leaf)}${used}${why}`
}

function nameOf({ capability, phase }: DecisionLeaf): string {
  const { server, kind, key } = capability
  return `${server}/${key ?? kind}${phase === 'request' ? '' : ` ${phase}`}`
}
