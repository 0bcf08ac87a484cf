// What a log says was decided, from its leaves alone: an export, an archive of one, or the data of a tenant.

import type { ListedDecision } from '../../service/contract/decision-list.ts'
import { listedDecision } from '../../service/flow/list-decisions.ts'
import { usage } from '../command/command.ts'
import { disclosedParts, isOfLeaf } from '../log/read/disclosure-of.ts'
import type { Entry } from '../log/read/entry.ts'
import { openSource } from '../log/read/open-source.ts'
import { readLeaf } from '../log/read/read-leaf.ts'

export interface ReadLog {
  /** Null for a log without a decision. */
  readonly tenant: string | null
  /** Entries that are not there: what they used, nobody can say. */
  readonly absent: number
}

/** Tells every decision from that time on. Nothing is verified here. @throws PdpError `usage` */
export async function loggedSince(
  path: string,
  since: number,
  take: (decision: ListedDecision) => void,
): Promise<ReadLog> {
  const source = await openSource(path, [])
  let [tenant, absent] = [null as string | null, 0]
  try {
    for (const entry of source.entries()) {
      if ('from' in entry) {
        absent += entry.to - entry.from
        continue
      }
      const leaf = leafOf(entry, path)
      if (leaf.kind !== 'decision') continue
      tenant ??= leaf.tenant
      const text = entry.disclosure
      if (text !== null && !isOfLeaf(text, leaf))
        throw broken(path, entry, 'what is disclosed beside it is not its own')
      const disclosed = text === null ? null : disclosedParts(text)
      if (leaf.iat >= since) take(listedDecision({ leaf, disclosed }))
    }
  } finally {
    source.close()
  }
  return { tenant, absent }
}

function leafOf(entry: Entry, path: string) {
  const reading = readLeaf(entry.token)
  if (reading.ok) return reading.read.leaf
  throw broken(path, entry, reading.wrong)
}

function broken(path: string, { index }: Entry, wrong: string): Error {
  return usage(
    `${path}: entry ${String(index)}: ${wrong}; "countersign log verify" tells all that is wrong, export the log again.`,
  )
}
