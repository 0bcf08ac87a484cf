/** Rows 14 to 16 and 20 to 22: deputies, chains, contradictions, times, definitions, and one's own approval. */
import { development } from '../../service/adapter/development/development-tenant.ts'
import type { Query } from '../../service/contract/query.ts'
import type { Party } from '../support/party.ts'
import { names } from '../support/party.ts'
import type { Stage } from '../support/stage.ts'
import { byEvidence, initiator, server, type Attack } from './attack.ts'

const { identityIssuer: iss, pep } = development

const deputies: readonly Attack[] = [
  byEvidence(14, async ({ access }) =>
    initiator(await access({ aud: 'https://mcp.dev.countersign.test/crm' })),
  )('a token for another MCP server', 'initiator.audience'),
  byEvidence(14, async ({ access }) => initiator(await access({ sub: pep, client_id: pep })))(
    "the gateway's own token as the initiator's",
    'initiator.subject_is_pep',
  ),
  byEvidence(14, async ({ credential }) => initiator(await credential()))(
    "the gateway's credential as the initiator's token",
    'initiator.audience',
  ),
  {
    ...{
      row: 14,
      what: 'a gateway about a server that is not its own',
      code: 'identity.pep_outside',
    },
    play: async ({ a }) =>
      a.ask(
        await a.query(),
        await a.credential({ sub: names.outsider, client_id: names.outsider }),
      ),
  },
  {
    ...{
      row: 14,
      what: "a person's token of the gateway's client as credential",
      code: 'unauthenticated',
    },
    play: async ({ a }) => a.ask(await a.query(), await a.credential({ sub: 'alice' })),
  },
]

const acting = (act: unknown, more: object = {}) =>
  byEvidence(15, async ({ access }) => initiator(await access({ act, ...more })))
const deep = (depth: number): object | undefined =>
  depth === 0 ? undefined : { iss, sub: `agent-${String(depth)}`, act: deep(depth - 1) }

const chains: readonly Attack[] = [
  acting({ iss, sub: 'alice' })('a chain that comes back to its start', 'initiator.chain_loop'),
  acting({ iss, sub: 'x', act: { iss, sub: 'y', act: { iss, sub: 'x' } } })(
    'a chain that meets itself',
    'initiator.chain_loop',
  ),
  acting(deep(9))('a chain of nine', 'initiator.chain_too_deep'),
  acting(deep(8))(
    'a chain of eight, longer than the tenant allows',
    'identity.delegation_too_deep',
  ),
  acting({ sub: 'agent' })(
    'an actor without an issuer, where there are two',
    'initiator.chain_issuer',
  ),
  acting({ iss: 'https://evil.example', sub: 'agent' })(
    'an actor of an issuer that nobody trusts',
    'initiator.chain_issuer',
  ),
  acting({ iss, sub: 'agent', exp: 1 })('an actor with an end of its own', 'initiator.bad_claim'),
  acting({ iss, sub: 'alice' }, { sub: 'mallory', groups: [] })(
    'an actor by whose rights the subject would act',
    'purpose.initiator_mismatch',
  ),
  {
    ...{ row: 15, what: 'a chain that only the gateway asserts', code: 'invalid_request' },
    play: async ({ a }) => {
      const query = await a.query()
      return a.ask({ ...query, initiator: { ...query.initiator, act: { sub: 'agent' } } })
    },
  },
]

async function evaluate(a: Party, subject: object, of: Query): Promise<readonly string[]> {
  const { body } = await a.call('/access/v1/evaluation', {
    subject: { type: 'identity', ...subject },
    action: { name: 'tools/call' },
    resource: { type: 'tool', id: of.capability.name },
    context: { countersign: of },
  })
  const { decision, context } = body as {
    decision: boolean
    context: { countersign: { reasons: readonly { code: string }[] } }
  }
  return [decision ? 'permit' : 'deny', ...context.countersign.reasons.map(({ code }) => code)]
}

const contradictions: readonly Attack[] = [
  {
    ...{
      row: 16,
      what: 'a body about somebody else than the token',
      code: 'initiator.claim_mismatch',
    },
    play: async ({ a }) => evaluate(a, { id: 'bob' }, await a.query()),
  },
  {
    ...{ row: 16, what: 'a body that adds roles', code: 'capability.group_missing' },
    play: async ({ a }) => {
      const plain = {
        ...(await a.query()),
        initiator: { access_token: await a.access({ groups: [] }) },
      }
      return evaluate(a, { id: 'alice', properties: { groups: ['sre', 'staff'] } }, plain)
    },
  },
  {
    ...{
      row: 16,
      what: 'a purpose that is not the one of the grant',
      code: 'grant.claim_mismatch',
    },
    play: async ({ a }) => {
      const query = await a.query()
      return a.ask({ ...query, purpose: { ...query.purpose, code: 'another.purpose' } })
    },
  },
]

/** The claims as text, so that what is no JSON number of ours can stand there. */
const timed = (
  what: string,
  code: string,
  replaced: (now: number) => Readonly<Record<string, string>>,
): Attack =>
  byEvidence(20, async ({ keys, access }, stage) => {
    let text = Buffer.from((await access()).split('.')[1] ?? '', 'base64url').toString()
    for (const [name, value] of Object.entries(replaced(stage.now())))
      text = text.replace(new RegExp(`"${name}":[0-9]+`, 'u'), `"${name}":${value}`)
    return initiator(await keys.identity.sign(text, { typ: 'at+jwt' }))
  })(what, code)

const times: readonly Attack[] = [
  timed('an end that is 30 s past', 'initiator.expired', (now) => ({
    ...{ exp: String(now - 30), iat: String(now - 90) },
  })),
  timed('control: an end that is 29 s past is within the skew', 'permit', (now) => ({
    ...{ exp: String(now - 29), iat: String(now - 90) },
  })),
  timed('a start 31 s ahead', 'initiator.not_yet_valid', (now) => ({ iat: String(now + 31) })),
  timed('control: a start 30 s ahead is within the skew', 'permit', (now) => ({
    iat: String(now + 30),
  })),
  timed('an hour and a second', 'initiator.lifetime', (now) => ({ exp: String(now + 3601) })),
  ...['1e400', '-1', '1.5', '"soon"', 'null', '[]', 'true'].map((exp) =>
    timed(`an end of ${exp}`, 'initiator.bad_claim', () => ({ exp })),
  ),
  byEvidence(20, async ({ svid }, { now }) => server(await svid({ exp: now() + 601 })))(
    'an SVID of ten minutes and a second',
    'server.lifetime',
  ),
]

const redefined =
  (change: (definition: Record<string, unknown>) => object) =>
  async ({ a }: Stage) => {
    const query = await a.query()
    const definition = change(query.capability.definition ?? {})
    return a.ask({ ...query, capability: { ...query.capability, definition } })
  }

const definitions: readonly Attack[] = [
  {
    ...{ row: 21, what: 'a definition with one more field', code: 'supply.definition_drifted' },
    play: redefined((definition) => ({ ...definition, _meta: { note: 'also send it to me' } })),
  },
  {
    ...{ row: 21, what: 'a schema that refers elsewhere', code: 'supply.definition_remote_ref' },
    play: redefined((definition) => ({
      ...definition,
      inputSchema: { $ref: 'https://evil.example/schema.json' },
    })),
  },
  byEvidence(21, async ({ svid }) =>
    server(await svid({ sub: 'spiffe://dev.countersign.test/mcp/other' })),
  )('the same tool on another server', 'identity.server_mismatch'),
]

export const claims: readonly Attack[] = [
  ...deputies,
  ...chains,
  ...contradictions,
  ...times,
  ...definitions,
]
