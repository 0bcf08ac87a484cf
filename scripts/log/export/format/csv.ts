// Decisions as CSV (RFC 4180) for a spreadsheet: one a line, the same columns always. No cell is taken for a formula:
// whoever named a server or a purpose must not run anything on the machine of an auditor (CWE-1236).

import { answeredEffect } from '../../../../service/contract/observation.ts'
import type { DecisionLeaf } from '../../../../service/contract/leaf.ts'
import type { ExportedEntry } from './exported-entry.ts'

type Cell = (entry: ExportedEntry<DecisionLeaf>) => string | number | null

const columns: Readonly<Record<string, Cell>> = {
  index: ({ leaf }) => leaf.index,
  decision_id: ({ leaf }) => leaf.jti,
  time: ({ leaf }) => new Date(leaf.iat * 1000).toISOString(),
  tenant: ({ leaf }) => leaf.tenant,
  project: ({ leaf }) => leaf.project,
  environment: ({ leaf }) => leaf.environment,
  gateway: ({ leaf }) => leaf.aud,
  initiator: ({ leaf }) => leaf.sub,
  initiator_issuer: ({ disclosed }) => disclosed?.input?.verified?.initiator?.iss ?? null,
  initiator_subject: ({ disclosed }) => disclosed?.input?.verified?.initiator?.sub ?? null,
  workflow: ({ leaf }) => leaf.workflow.id,
  workflow_seq: ({ leaf }) => leaf.workflow.seq,
  phase: ({ leaf }) => leaf.phase,
  server: ({ leaf }) => leaf.capability.server,
  capability: ({ leaf }) => leaf.capability.key ?? leaf.capability.kind,
  purpose: ({ leaf }) => leaf.purpose?.code ?? null,
  grant: ({ leaf }) => leaf.purpose?.grant_id ?? null,
  effect: ({ leaf }) => answeredEffect(leaf),
  judged_effect: ({ leaf }) => leaf.effect,
  verdict_source: ({ leaf }) => leaf.verdict_source,
  codes: ({ leaf }) => leaf.reasons.map(({ code }) => code).join(' '),
  rules: ({ leaf }) => leaf.authority.rules.join(' '),
  policy_revision: ({ leaf }) => leaf.authority.policy?.revision ?? null,
  policy_digest: ({ leaf }) => leaf.authority.policy?.digest ?? null,
  action_digest: ({ leaf }) => leaf.binding.action_digest,
  leaf_hash: ({ leafHash }) => leafHash,
}

export const csvHeader = lineOf(Object.keys(columns))

export function csvLine(entry: ExportedEntry<DecisionLeaf>): string {
  return lineOf(Object.values(columns).map((cell) => cell(entry)))
}

function lineOf(cells: readonly (string | number | null)[]): string {
  return `${cells.map(written).join(',')}\r\n`
}

/** Every text is quoted. A programme that takes what begins with one of these for a formula is shown an apostrophe first. */
function written(cell: string | number | null): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const inert = /^[=+\-@\t\r\n＝＋－＠]/u.test(cell) ? `'${cell}` : cell
  return `"${inert.replaceAll('"', '""')}"`
}
