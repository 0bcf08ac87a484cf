// Every kind of proof in a question that is permitted with it: what is mutated, and how the question is asked.

import { development } from '../../service/adapter/development/development-tenant.ts'
import type { Query } from '../../service/contract/query.ts'
import { names, type Party } from '../../test/support/party.ts'
import type { Genuine } from './hostile-token.ts'

/** `evaluate`: a decision; `credential`: the gateway's own token; `event`: a pushed security event. */
export type Way = 'evaluate' | 'credential' | 'event'

export type Kind = {
  readonly name: string
  readonly way: Way
  readonly genuine: Genuine
  /** The question with that token in its place. */
  readonly with: (token: string) => Query
}

const text = ['https://evil.example', 'x']
const instant = [0, 'soon', 1e300]
const common = { iss: [...text, 0], aud: [...text, 0, ['x']], exp: instant }
const texts = { iss: [...text, 0], sub: [...text, 0] }
const jti = [0, []]
const access = { ...common, ...texts, iat: instant, jti, client_id: [0, []] }
const person = { ...access, groups: [0, 'x'] }
const proofOf = { jti, exp: instant }

/** Fresh proofs of one party. Proofs of possession are only ever shown hostile, so they are never used up. */
export async function kindsOf(party: Party): Promise<readonly Kind[]> {
  const query = await party.query()
  return [
    ...(await bearers(party, query)),
    ...(await holders(party, query)),
    ...(await vouched(party, query)),
    ...(await agents(party, query)),
    ...(await gateways(party, query)),
  ]
}

async function bearers(
  { keys, access: mint, svid, grant }: Party,
  query: Query,
): Promise<readonly Kind[]> {
  return [
    {
      ...{ name: 'access token', way: 'evaluate' },
      genuine: { compact: await mint(), signer: keys.identity, demanded: person },
      with: (access_token) => ({ ...query, initiator: { access_token } }),
    },
    {
      ...{ name: 'JWT-SVID', way: 'evaluate' },
      genuine: {
        ...{ compact: await svid(), signer: keys.spiffe },
        demanded: { sub: [...text, names.spiffeId.toUpperCase()], aud: common.aud, exp: instant },
      },
      with: (jwt_svid) => ({ ...query, server: { id: 'ops', proof: { jwt_svid } } }),
    },
    {
      ...{ name: 'purpose grant', way: 'evaluate' },
      genuine: {
        ...{ compact: await grant(), signer: keys.purpose },
        demanded: {
          ...{ ...common, jti, iat: instant, initiator: [[], { iss: 'x', sub: 'y' }] },
          ...{ purpose: [[], 'x'], capabilities: [[], 'x', ['crm/*']], data: [[], 'x'] },
        },
      },
      with: (token) => ({ ...query, purpose: { grant: token } }),
    },
  ]
}

async function holders(party: Party, query: Query): Promise<readonly Kind[]> {
  const { keys, holder, audience } = party
  const wit = await party.wit()
  const wpt = await holder.wpt(wit, audience)
  const bound = await party.access({ cnf: { jkt: holder.thumbprint } })
  const dpop = await holder.dpop(bound, names.resource)
  const server = (proof: { wit: string; wpt: string }): Query => ({
    ...query,
    server: { id: 'ops', proof },
  })
  const initiator = (access_token: string, proof: string): Query => ({
    ...query,
    initiator: { access_token, dpop: proof },
  })
  return [
    {
      ...{ name: 'WIT', way: 'evaluate' },
      genuine: {
        ...{ compact: wit, signer: keys.wit },
        demanded: { sub: [...text, 0], exp: instant, cnf: [{ jwk: {} }, 'x'] },
        forbidden: { aud: [audience, 'x', []] },
      },
      with: (token) => server({ wit: token, wpt }),
    },
    {
      ...{ name: 'WPT', way: 'evaluate' },
      genuine: {
        ...{ compact: wpt, signer: holder.key },
        demanded: { ...proofOf, aud: common.aud, wth: text },
        forbidden: { ath: text, tth: text, oth: [[], { x: 'y' }, 'x'] },
      },
      with: (token) => server({ wit, wpt: token }),
    },
    {
      ...{ name: 'DPoP-bound token', way: 'evaluate' },
      genuine: {
        ...{ compact: bound, signer: keys.identity },
        demanded: { ...person, cnf: [{ jkt: 'x' }, { kid: 'x' }] },
      },
      with: (token) => initiator(token, dpop),
    },
    {
      ...{ name: 'DPoP proof', way: 'evaluate' },
      genuine: {
        ...{ compact: dpop, signer: holder.key },
        demanded: { jti, iat: instant, htm: ['GET', 'post'], htu: text, ath: text },
        forbidden: { aud: text },
      },
      with: (token) => initiator(bound, token),
    },
  ]
}

export const job = 'repo:acme@12/tools@34:ref:refs/heads/main'
const platform = {
  ...{ ...common, ...texts, iat: instant, repository_owner_id: ['13'] },
}
const foreign = { event_name: ['pull_request', 'pull_request_target'], cnf: [{}], client_id: ['x'] }

async function vouched(party: Party, query: Query): Promise<readonly Kind[]> {
  const granted = await party.grant({ capabilities: ['pipelines/tool:status'] })
  return [
    {
      ...{ name: 'platform token of a server', way: 'evaluate' },
      genuine: {
        compact: await party.job(),
        signer: party.keys.platform,
        demanded: platform,
        forbidden: foreign,
      },
      with: (platform_token) => ({
        ...query,
        ...{ server: { id: 'pipelines', proof: { platform_token } }, purpose: { grant: granted } },
        initiator: query.initiator ?? {},
      }),
    },
  ]
}

async function agents(party: Party, query: Query): Promise<readonly Kind[]> {
  const { keys, holder } = party
  const initiator = { iss: names.platform, sub: job }
  const granted = await party.grant({ initiator })
  const spiffe = { iss: names.spiffeId.split('/mcp')[0], sub: names.spiffeId }
  const grantOfAgent = await party.grant({ initiator: spiffe })
  const wit = await party.wit()
  const wpt = await holder.wpt(wit, names.resource)
  return [
    {
      ...{ name: 'platform token of an initiator', way: 'evaluate' },
      genuine: {
        compact: await party.job(),
        signer: keys.platform,
        demanded: platform,
        forbidden: foreign,
      },
      with: (platform_token) => ({
        ...query,
        ...{ initiator: { platform_token }, purpose: { grant: granted } },
      }),
    },
    {
      ...{ name: 'WPT of an agent', way: 'evaluate' },
      genuine: {
        ...{ compact: wpt, signer: holder.key },
        demanded: { ...proofOf, aud: [...text, party.audience], wth: text },
      },
      with: (token) => ({
        ...query,
        ...{ initiator: { wit, wpt: token }, purpose: { grant: grantOfAgent } },
      }),
    },
  ]
}

/** Of whom nothing is asked: that he is revoked changes no other question. */
const subject = { format: 'iss_sub', iss: development.identityIssuer, sub: 'nobody' }

async function gateways(party: Party, query: Query): Promise<readonly Kind[]> {
  const { keys } = party
  return [
    {
      ...{ name: 'credential of a gateway', way: 'credential' },
      genuine: {
        ...{ compact: await party.credential(), signer: keys.identity },
        demanded: { ...access, scope: [[], 'pdp.stop'] },
      },
      with: () => query,
    },
    {
      ...{ name: 'security event', way: 'event' },
      genuine: {
        ...{ compact: await party.event({ sub_id: subject }), signer: keys.identity },
        demanded: { iss: text, aud: text, jti, iat: instant, events: [[], 'x'], sub_id: [[], 'x'] },
        forbidden: { exp: [1], sub: ['x'], cnf: [{}] },
      },
      with: () => query,
    },
  ]
}
