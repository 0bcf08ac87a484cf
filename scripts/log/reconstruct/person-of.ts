// Whom `--initiator` and `--approver` mean. Leaves name persons by pseudonyms alone; who that is, disclosures say.

import { usage } from '../../command/command.ts'
import { disclosedParts, disclosedVoter, isOfLeaf } from '../read/disclosure-of.ts'
import type { Entry } from '../read/entry.ts'
import type { LogSource } from '../read/log-source.ts'
import { readLeaf } from '../read/read-leaf.ts'

/** The pseudonym; null when nobody is asked for. @throws PdpError `usage` when no disclosure names the person. */
export function personOf(person: string | undefined, source: LogSource): string | null {
  if (person === undefined || person.startsWith('hmac:')) return person ?? null
  const [iss = '', ...rest] = person.split(' ')
  const sub = rest.join(' ')
  for (const entry of source.entries()) {
    const named = 'from' in entry ? null : namedIn(entry)
    if (named?.iss === iss && named.sub === sub) return named.pseudonym
  }
  throw usage(
    `No disclosure of ${source.name} names ${sub} of ${iss}: give the pseudonym that leaves have (hmac:…).`,
  )
}

interface Named {
  readonly pseudonym: string
  readonly iss: string | null
  readonly sub: string | null
}

/** Whom an entry names, and how its leaf does. */
function namedIn({ token, disclosure }: Entry): Named | null {
  const reading = disclosure === null ? null : readLeaf(token)
  if (disclosure === null || reading?.ok !== true) return null
  const { leaf } = reading.read
  if (!isOfLeaf(disclosure, leaf)) return null
  if (leaf.kind === 'decision') {
    const named = disclosedParts(disclosure).input?.verified?.initiator
    if (leaf.sub === null || named === undefined) return null
    return { pseudonym: leaf.sub, iss: named.iss, sub: named.sub }
  }
  const voter = disclosedVoter(disclosure, leaf)
  return voter === null ? null : { pseudonym: String(leaf.event['voter']), ...voter }
}
