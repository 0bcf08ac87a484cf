// Which part of the log is asked for. Several options narrow: all of them must be met.

import type { DecisionLeaf, EventLeaf, Leaf } from '../../../service/contract/leaf.ts'
import { givenInstant } from '../../access/given-instant.ts'
import { type Call, usage } from '../../command/command.ts'
import { optionalText } from '../../policy/arguments.ts'

const names = ['workflow', 'initiator', 'server', 'purpose', 'grant', 'tenant'] as const
type AskedName = (typeof names)[number]

export type Asked = Readonly<Partial<Record<AskedName, string>>> & {
  /** Seconds since the epoch: from then on, and before then; null for no bound. */
  readonly from: number | null
  readonly to: number | null
}

const text = { type: 'string' } as const
export const askedOptions = {
  ...{
    workflow: text,
    initiator: text,
    server: text,
    purpose: text,
    grant: text,
    tenant: text,
  },
  ...{ from: text, to: text },
} as const

export const askedUsage = `  --workflow <id>        one workflow
  --initiator <person>   a pseudonym (hmac:…), or "<issuer> <subject>" where disclosures name the person
  --server <id>          an MCP server
  --purpose <code>       a purpose
  --grant <id>           a purpose grant
  --tenant <id>          everything of the tenant, events of the service too
  --from <date>          from then on; a day (midnight UTC) or RFC 3339
  --to <date>            before then`

/** @param approver is asked for too @throws PdpError `usage`. */
export function askedIn(call: Call, approver?: string): Asked {
  const asked = anyAskedIn(call)
  if (approver !== undefined || names.some((name) => asked[name] !== undefined)) return asked
  throw usage(`Say what to tell: --${names.join(', --')}; see --help.`)
}

/** The same where nothing need be asked: then it is everything. @throws PdpError `usage`. */
export function anyAskedIn(call: Call): Asked {
  const given = names.flatMap((name) => {
    const value = optionalText(call, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  const asked: Asked = {
    ...Object.fromEntries(given),
    ...{ from: givenInstant(call, 'from'), to: givenInstant(call, 'to') },
  }
  checkPerson('initiator', asked.initiator)
  return asked
}

/** A person who is asked for by an option. @throws PdpError `usage`. */
export function checkPerson(option: string, person: string | undefined): void {
  if (person === undefined || /^hmac:[0-9a-f]{64}$|^\S+ \S/u.test(person)) return
  throw usage(`--${option}: write a pseudonym as leaves have it (hmac:…), or "<issuer> <subject>".`)
}

/** Pseudonyms of the persons who are asked for; null: nobody is. */
export interface AskedPersons {
  readonly initiator: string | null
  readonly approver: string | null
}

/** Whoever approved it is another question: only what comes later tells. */
export function asksForDecision(
  asked: Asked,
  leaf: DecisionLeaf,
  { initiator: person }: AskedPersons,
): boolean {
  const { workflow, capability, purpose, tenant, sub, actors } = leaf
  return (
    isInTime(asked, leaf) &&
    meets(asked.workflow, workflow.id) &&
    meets(asked.server, capability.server) &&
    meets(asked.purpose, purpose?.code) &&
    meets(asked.grant, purpose?.grant_id) &&
    meets(asked.tenant, tenant) &&
    (person === null || sub === person || actors.includes(person))
  )
}

/** An event is about what it names. */
export function asksForEvent(
  asked: Asked,
  leaf: EventLeaf,
  { initiator: person, approver }: AskedPersons,
): boolean {
  if (approver !== null) return false
  const scope = (leaf.event['scope'] ?? {}) as Readonly<Record<string, unknown>>
  const subject = leaf.kind === 'revocation' ? leaf.event['subject'] : scope['subject']
  return (
    isInTime(asked, leaf) &&
    isOfGrant(asked, leaf) &&
    meets(asked.workflow, leaf.workflow?.id) &&
    meets(asked.server, scope['server']) &&
    meets(asked.tenant, leaf.tenant) &&
    (person === null || subject === person)
  )
}

/** Only what is issued or revoked names a grant, and what is issued its purpose. */
function isOfGrant({ grant, purpose }: Asked, { event }: EventLeaf): boolean {
  const named = (event['purpose'] ?? {}) as Readonly<Record<string, unknown>>
  return meets(grant, event['grant_id']) && meets(purpose, named['code'])
}

function isInTime({ from, to }: Asked, { iat }: Leaf): boolean {
  return (from === null || iat >= from) && (to === null || iat < to)
}

function meets(asked: string | undefined, found: unknown): boolean {
  return asked === undefined || asked === found
}
