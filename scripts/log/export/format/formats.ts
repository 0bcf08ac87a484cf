// The formats in which entries leave the log, one line an entry.

import type { DecisionLeaf } from '../../../../service/contract/leaf.ts'
import { opaEvent } from '../../../../service/audit/opa-event.ts'
import type { DisclosedDecision } from '../../read/disclosure-of.ts'
import { cloudEvent } from './cloud-event.ts'
import { csvHeader, csvLine } from './csv.ts'
import type { ExportedEntry } from './exported-entry.ts'
import { ocsfActivity } from './ocsf-activity.ts'

export interface Format {
  readonly header: string
  /** A line with its end; null for what the format has no place for. */
  readonly line: (entry: ExportedEntry) => string | null
}

export const formats = {
  'opa-decision-log': ofDecisions((entry) =>
    jsonLine(opaEvent({ ...entry, disclosed: wholeOf(entry) })),
  ),
  ocsf: ofDecisions((entry) => jsonLine(ocsfActivity(entry))),
  cloudevents: { header: '', line: (entry) => jsonLine(cloudEvent(entry)) },
  jsonl: {
    header: '',
    line: ({ leaf, token, leafHash, disclosed }) =>
      jsonLine({ index: leaf.index, leaf_hash: leafHash, token, leaf, disclosed }),
  },
  csv: ofDecisions(csvLine, csvHeader),
} as const satisfies Readonly<Record<string, Format>>

export type FormatName = keyof typeof formats

export function isFormat(name: string): name is FormatName {
  return Object.hasOwn(formats, name)
}

function ofDecisions(line: (entry: ExportedEntry<DecisionLeaf>) => string, header = ''): Format {
  return { header, line: (entry) => (isOfDecision(entry) ? line(entry) : null) }
}

function isOfDecision(entry: ExportedEntry): entry is ExportedEntry<DecisionLeaf> {
  return entry.leaf.kind === 'decision'
}

/** An input of which any is gone is named as erased. */
function wholeOf({ disclosed, ended }: ExportedEntry): DisclosedDecision | null {
  return ended.length === 0 ? (disclosed as DisclosedDecision | null) : null
}

function jsonLine(value: object): string {
  return `${JSON.stringify(value)}\n`
}
