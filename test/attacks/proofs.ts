/** Rows 9 to 13: one kind for another, proofs for something else, proofs shown again, keys swapped. */
import type { Query } from '../../service/contract/query.ts'
import { requestDigestOf } from '../../service/decision/request-digest.ts'
import { requestDigestClaim } from '../../service/identity/wpt.ts'
import { tokenHash } from '../../service/statement/digest.ts'
import type { Party } from '../support/party.ts'
import { names } from '../support/party.ts'
import { createHolder, type Changes } from '../support/workload.ts'
import { byEvidence, initiator, server, workload, type Attack } from './attack.ts'

const otherTypes: readonly Attack[] = [
  ...['oauth-id-jag+jwt', 'txntoken+jwt', 'secevent+jwt', 'logout+jwt', 'statuslist+jwt', 'JWT'],
].map((typ) =>
  byEvidence(9, async ({ access }) => initiator(await access({}, { typ })))(
    `${typ} as an access token`,
    'initiator.wrong_type',
  ),
)

const kinds: readonly Attack[] = [
  byEvidence(9, async ({ wit }) => workload(await wit(), undefined))(
    'a WIT without its proof',
    'server.pop_missing',
  ),
  byEvidence(9, async ({ svid }) => workload(await svid(), 'a.b.c'))(
    'a JWT-SVID as a WIT',
    'server.wrong_type',
  ),
  byEvidence(9, async ({ wit }) => server(await wit()))('a WIT as a JWT-SVID', 'server.wrong_type'),
  byEvidence(9, async ({ access }) => initiator(await access({ nonce: 'n', at_hash: 'h' })))(
    'an ID token as an access token',
    'initiator.id_token',
  ),
  byEvidence(9, async ({ event }) => initiator(await event()))(
    'a security event as an access token',
    'initiator.wrong_type',
  ),
  {
    ...{ row: 9, what: 'a WIT as the credential of a gateway', code: 'unauthenticated' },
    play: async ({ a }) => a.ask(await a.query(), await a.wit()),
  },
  {
    ...{ row: 9, what: 'an ID token as the credential of a gateway', code: 'unauthenticated' },
    play: async ({ a }) => a.ask(await a.query(), await a.credential({ nonce: 'n' })),
  },
]

async function proved(a: Party, changes: Changes = {}, wit?: string): Promise<Partial<Query>> {
  const shown = wit ?? (await a.wit())
  return workload(shown, await a.holder.wpt(shown, a.audience, changes))
}

const hash = tokenHash('another')
const coverage: readonly Attack[] = (
  [
    ['another audience', { aud: 'https://pdp.dev.countersign.test/tenants/b' }, 'audience'],
    ['the MCP server as audience', { aud: names.resource }, 'audience'],
    ['another WIT', { wth: hash }, 'wth'],
    ['no WIT', { wth: undefined }, 'wth'],
    ['another access token', { ath: hash }, 'ath'],
    ['a transaction token', { tth: hash }, 'tth'],
    ['a token that nobody knows', { oth: { 'x-token': hash } }, 'oth'],
    ['another request', { [requestDigestClaim]: `sha256:${'0'.repeat(64)}` }, 'request_digest'],
  ] as const
).map(([what, claims, code]) =>
  byEvidence(10, (a) => proved(a, { claims }))(`a proof for ${what}`, `server.${code}`),
)

const asAgent = byEvidence(10, async (a) => {
  const wit = await a.wit()
  const wpt = await a.holder.wpt(wit, names.resource)
  return { initiator: { wit, wpt, access_token: await a.access() } }
})('an access token beside a proof that does not cover it', 'initiator.proof_many')

async function twice(a: Party, second: (query: Query) => Promise<readonly string[]>) {
  const query = { ...(await a.query()), ...(await proved(a)) }
  const first = await a.ask(query)
  if (first[0] !== 'permit') throw new Error(first.join(' '))
  return second(query)
}

const replays: readonly Attack[] = [
  {
    ...{ row: 11, what: 'a proof shown twice', code: 'server.replay' },
    play: ({ a }) => twice(a, (query) => a.ask(query)),
  },
  {
    ...{ row: 11, what: 'a proof shown again by another gateway', code: 'server.replay' },
    play: ({ a }) =>
      twice(a, async (query) =>
        a.ask(query, await a.credential({ sub: names.outsider, client_id: names.outsider })),
      ),
  },
  {
    ...{ row: 11, what: 'a proof shown again after a restart', code: 'server.replay' },
    play: (stage) =>
      twice(stage.a, async (query) => {
        await stage.restart()
        return stage.a.ask(query)
      }),
  },
  {
    ...{ row: 11, what: 'a DPoP proof shown twice', code: 'initiator.replay' },
    play: async ({ a }) => {
      const query = { ...(await a.query()), ...(await bound(a)) }
      await a.ask(query)
      return a.ask(query)
    },
  },
  {
    ...{ row: 11, what: 'control: the same jti by another key', code: 'permit' },
    play: async (stage) => {
      const { a } = stage
      const claims = { jti: 'the same' }
      await a.ask({ ...(await a.query()), ...(await proved(a, { claims })) })
      const other = await createHolder(stage.now)
      const wit = await a.wit({ cnf: { jwk: other.key.jwk } })
      const wpt = await other.wpt(wit, a.audience, { claims })
      return a.ask({ ...(await a.query()), ...workload(wit, wpt) })
    },
  },
  {
    ...{ row: 11, what: 'control: a proof that is bound to its question', code: 'permit' },
    play: async ({ a }) => {
      const query = await a.query()
      const claims = { [requestDigestClaim]: requestDigestOf(query, a.audience) }
      return a.ask({ ...query, ...(await proved(a, { claims })) })
    },
  },
]

const keys: readonly Attack[] = [
  byEvidence(12, async (a, stage) => {
    const evil = await createHolder(stage.now)
    const claims = { sub: names.spiffeId, exp: stage.now() + 60, cnf: { jwk: evil.key.jwk } }
    const wit = await evil.key.sign(claims, { typ: 'wit+jwt', kid: 'wit' })
    return workload(wit, await evil.wpt(wit, a.audience))
  })("the attacker's own WIT for the victim's name", 'server.bad_signature'),
  byEvidence(12, async (a, stage) => {
    const [wit, evil] = [await a.wit(), await createHolder(stage.now)]
    return workload(wit, await evil.wpt(wit, a.audience))
  })("the victim's WIT with the attacker's proof", 'server.bad_signature'),
  byEvidence(12, async (a, stage) => {
    const evil = await createHolder(stage.now)
    const wit = await a.wit()
    return workload(wit, await evil.wpt(wit, a.audience, { header: { jwk: evil.key.jwk } }))
  })('a proof that brings its key', 'server.header_refused'),
  ...(
    [
      ['a secret', { kty: 'oct', k: 'AAAA', alg: 'HS256' }, 'bad_cnf'],
      [
        'a private key',
        { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', d: 'AA', alg: 'ES256' },
        'bad_cnf',
      ],
      [
        'Ed25519, which no SPIFFE key is',
        { kty: 'OKP', crv: 'Ed25519', x: 'AA', alg: 'Ed25519' },
        'bad_cnf',
      ],
    ] as const
  ).map(([what, jwk, code]) =>
    byEvidence(12, async (a) => proved(a, {}, await a.wit({ cnf: { jwk } })))(
      `a WIT that is bound to ${what}`,
      `server.${code}`,
    ),
  ),
  byEvidence(12, async (a) => {
    const wit = await a.wit({ cnf: { jwk: { ...a.holder.key.jwk, alg: 'ES384' } } })
    return proved(a, {}, wit)
  })('a proof by another algorithm than its key has', 'server.alg_mismatch'),
]

async function bound(a: Party, changes: Changes = {}): Promise<Partial<Query>> {
  const access_token = await a.access({ cnf: { jkt: a.holder.thumbprint } })
  return {
    initiator: { access_token, dpop: await a.holder.dpop(access_token, names.resource, changes) },
  }
}

const dpop: readonly Attack[] = [
  byEvidence(13, async (a) => initiator(await a.access({ cnf: { jkt: a.holder.thumbprint } })))(
    'a bound token without its proof',
    'initiator.pop_missing',
  ),
  byEvidence(13, async (a, stage) => {
    const access_token = await a.access({ cnf: { jkt: a.holder.thumbprint } })
    const evil = await createHolder(stage.now)
    return { initiator: { access_token, dpop: await evil.dpop(access_token, names.resource) } }
  })('a proof by another key', 'initiator.pop_key'),
  byEvidence(13, (a) => bound(a, { claims: { htu: 'https://mcp.dev.countersign.test/crm' } }))(
    'a proof for another resource',
    'initiator.pop_target',
  ),
  byEvidence(13, async (a) => {
    const access_token = await a.access()
    return { initiator: { access_token, dpop: await a.holder.dpop(access_token, names.resource) } }
  })('a proof beside a token that is bound to nothing', 'initiator.pop_unexpected'),
  byEvidence(13, async (a) => initiator(await a.access({ cnf: { 'x5t#S256': hash } })))(
    'a token that is bound to a certificate, without it',
    'initiator.certificate_missing',
  ),
]

export const proofs: readonly Attack[] = [
  ...otherTypes,
  ...kinds,
  ...coverage,
  asAgent,
  ...replays,
  ...keys,
  ...dpop,
]
