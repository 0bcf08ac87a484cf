/** Attacks on consent: another tenant's, of another action, used twice, and one's own. */
import { development } from '../../service/adapter/development/development-tenant.ts'
import type { Query } from '../../service/contract/query.ts'
import type { Party } from '../support/party.ts'
import type { Stage } from '../support/stage.ts'
import type { Attack } from './attack.ts'

const iss = development.identityIssuer
let asked = 0

/** A deployment that nobody asked for yet. */
async function deployment(party: Party): Promise<Query> {
  const query = await party.query('hold')
  asked += 1
  const given = { env: 'prod', replicas: asked }
  return { ...query, capability: { ...query.capability, arguments: given } }
}

async function held(party: Party, query: Query): Promise<string> {
  const { body } = await party.call('/v1/decisions', query)
  return (body['hold'] as { readonly id: string }).id
}

/** Whoever carries votes. */
async function carrier(party: Party): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await party.credential({ scope: 'pdp.approve' })}` }
}

type Person = { readonly sub: string; readonly client_id?: string; readonly groups?: string[] }

/** The status and the code of a vote at one party, by a token and for what is shown at another. */
async function vote(
  at: Party,
  { id, of }: { readonly id: string; readonly of: Party },
  person: Person,
  claims: object = {},
): Promise<readonly string[]> {
  const { body } = await of.call(`/v1/approvals/${id}`, undefined, await carrier(of))
  const { shown_digest } = body['approval'] as { readonly shown_digest: string }
  const token = await of.access({
    ...{ aud: of.audience, iss, groups: ['release-managers'], ...person, ...claims },
  })
  const given = { voter: { access_token: token }, verdict: 'approve', shown_digest }
  const reply = await at.call(`/v1/approvals/${id}/votes`, given, await carrier(at))
  return [String(reply.status), String(reply.body['code'])]
}

const rita: Person = { sub: 'rita', client_id: 'https://console.dev.countersign.test' }

/** A deployment that was approved at A. */
async function approved({ a }: Stage): Promise<{ readonly id: string; readonly query: Query }> {
  const query = await deployment(a)
  const id = await held(a, query)
  const [status] = await vote(a, { id, of: a }, rita)
  if (status !== '200') throw new Error(`the vote was answered with ${String(status)}`)
  return { id, query }
}

const ofOthers: readonly Attack[] = [
  {
    ...{ row: 1, what: 'an approval of A presented by the gateway of B', code: 'hold' },
    play: async (stage) => {
      const { id, query } = await approved(stage)
      const own = await stage.b.query('hold')
      const ended = await stage.b.ask({ ...own, capability: query.capability, approval: { id } })
      // It is A's still.
      const [effect] = await stage.a.ask(query)
      return effect === 'permit' ? ended : ['it was used up', String(effect)]
    },
  },
  {
    ...{ row: 1, what: 'an approval state signed by another tenant', code: 'hold' },
    play: async ({ a, b }) => {
      const state = await b.access({}, { typ: 'approval-state+jwt' })
      return a.ask({ ...(await deployment(a)), approval: { id: 'apr_01a2b3', state } })
    },
  },
  {
    ...{ row: 1, what: 'an approval of A read by the gateway of B', code: 'not_found' },
    play: async ({ a, b }) => {
      const id = await held(a, await deployment(a))
      const { status, body } = await b.call(`/v1/approvals/${id}`)
      return [String(status), String(body['code'])]
    },
  },
  {
    ...{ row: 1, what: 'a vote on an approval of A through the gateway of B', code: 'not_found' },
    play: async ({ a, b }) => vote(b, { id: await held(a, await deployment(a)), of: a }, rita),
  },
]

type Change = (party: Party, query: Query) => Promise<Query> | Query

const ofAnotherAction: readonly Attack[] = (
  [
    [
      'other arguments',
      (_, query) => ({
        ...query,
        capability: { ...query.capability, arguments: { env: 'staging', replicas: 1 } },
      }),
    ],
    [
      'another grant of the same purpose',
      async ({ grant }, query) => ({ ...query, purpose: { grant: await grant({ jti: 'other' }) } }),
    ],
    [
      'an agent more in the chain',
      async ({ access }, query) => ({
        ...query,
        initiator: { access_token: await access({ act: { iss, sub: 'planner' } }) },
      }),
    ],
    [
      'the same person through another client',
      async ({ access }, query) => ({
        ...query,
        initiator: { access_token: await access({ client_id: 'another' }) },
      }),
    ],
  ] as readonly (readonly [string, Change])[]
).map(([what, change]) => ({
  ...{ row: 2, what: `an approval replayed for ${what}`, code: 'capability.approval_required' },
  play: async (stage) => {
    const { id, query } = await approved(stage)
    return stage.a.ask({ ...(await change(stage.a, query)), approval: { id } })
  },
}))

const twice: Attack = {
  ...{ row: 3, what: 'one approval a hundred times at once', code: 'permits: 1' },
  play: async (stage) => {
    const { query } = await approved(stage)
    const answers = await Promise.all(Array.from({ length: 100 }, () => stage.a.ask(query)))
    return [`permits: ${String(answers.filter(([effect]) => effect === 'permit').length)}`]
  },
}

const own: readonly Attack[] = [
  {
    ...{ row: 22, what: "the initiator's own word as approval", code: 'hold' },
    play: async ({ a }) => {
      const state = await a.access(
        { approver: { iss, sub: 'alice' } },
        { typ: 'approval-state+jwt' },
      )
      return a.ask({ ...(await deployment(a)), approval: { id: 'apr_own', state } })
    },
  },
  ...(
    [
      ['by the initiator', 'vote_refused', { ...rita, sub: 'alice' }, {}],
      ['by a workload', 'vote_refused', { ...rita, sub: rita.client_id ?? '' }, {}],
      ['by somebody of another group', 'vote_refused', { ...rita, groups: ['staff'] }, {}],
      ['by an agent of a person', 'voter_unproven', rita, { act: { iss, sub: 'planner' } }],
      ['by a token for the MCP server', 'voter_unproven', rita, { aud: 'https://mcp.test' }],
      [
        'by a token of the gateway',
        'voter_unproven',
        { sub: development.pep, client_id: development.pep },
        {},
      ],
    ] as readonly (readonly [string, string, Person, object])[]
  ).map(([what, code, person, claims]): Attack => ({
    ...{ row: 22, what: `a vote ${what}`, code },
    play: async ({ a }) =>
      vote(a, { id: await held(a, await deployment(a)), of: a }, person, claims),
  })),
]

export const consent: readonly Attack[] = [...ofOthers, ...ofAnotherAction, twice, ...own]
