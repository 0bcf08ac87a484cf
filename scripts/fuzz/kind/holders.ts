// Tokens that are bound to a key, and the proofs of that key. What is bound comes with a proof that is fresh and for
// it: so nothing but itself can be what refuses it.

import type { Query } from '../../../service/contract/query.ts'
import type { TestIssuer } from '../../../test/support/issuer.ts'
import { names, type Party } from '../../../test/support/party.ts'
import { tokenOf, type Kind } from '../kind.ts'
import { forbiddenClaims, wrongClaims } from '../wrong-claims.ts'

export async function holders(
  party: Party,
  query: Query,
  stranger: TestIssuer,
): Promise<readonly Kind[]> {
  return [
    ...(await byWit(party, query, stranger)),
    ...(await byDpop(party, query, stranger)),
    ...(await byAgent(party, query, stranger)),
  ]
}

async function byWit(
  { keys, holder, audience, wit: mint }: Party,
  query: Query,
  stranger: TestIssuer,
): Promise<readonly Kind[]> {
  const wit = await mint()
  const server = (proof: { wit: string; wpt: string }): Query => ({
    ...query,
    server: { id: 'ops', proof },
  })
  return [
    {
      name: 'WIT',
      ...tokenOf(
        {
          ...{ compact: wit, signer: keys.wit, demanded: wrongClaims.wit },
          forbidden: { aud: [audience, 'x', []] },
        },
        stranger,
      ),
      with: async (token) => server({ wit: token, wpt: await holder.wpt(token, audience) }),
    },
    {
      name: 'WPT',
      ...tokenOf(
        {
          ...{ compact: await holder.wpt(wit, audience), signer: holder.key },
          ...{ demanded: wrongClaims.wpt, forbidden: forbiddenClaims.wpt },
        },
        stranger,
      ),
      with: (token) => server({ wit, wpt: token }),
    },
  ]
}

async function byDpop(
  { keys, holder, access }: Party,
  query: Query,
  stranger: TestIssuer,
): Promise<readonly Kind[]> {
  const bound = await access({ cnf: { jkt: holder.thumbprint } })
  const initiator = (access_token: string, dpop: string): Query => ({
    ...query,
    initiator: { access_token, dpop },
  })
  return [
    {
      name: 'DPoP-bound token',
      ...tokenOf(
        {
          ...{ compact: bound, signer: keys.identity },
          demanded: { ...wrongClaims.person, ...wrongClaims.bound },
        },
        stranger,
      ),
      with: async (token) => initiator(token, await holder.dpop(token, names.resource)),
    },
    {
      name: 'DPoP proof',
      ...tokenOf(
        {
          ...{ compact: await holder.dpop(bound, names.resource), signer: holder.key },
          ...{ demanded: wrongClaims.dpop, forbidden: forbiddenClaims.dpop },
        },
        stranger,
      ),
      with: (token) => initiator(bound, token),
    },
  ]
}

async function byAgent(
  { keys, holder, audience, ...party }: Party,
  query: Query,
  stranger: TestIssuer,
): Promise<readonly Kind[]> {
  const [iss] = names.spiffeId.split('/mcp')
  const grant = await party.grant({ initiator: { iss, sub: names.spiffeId } })
  const wit = await party.wit()
  const agent = (own: string, wpt: string): Query => ({
    ...query,
    ...{ initiator: { wit: own, wpt }, purpose: { grant } },
  })
  return [
    {
      name: 'WIT of an agent',
      ...tokenOf({ compact: wit, signer: keys.wit, demanded: wrongClaims.wit }, stranger),
      with: async (token) => agent(token, await holder.wpt(token, names.resource)),
    },
    {
      name: 'WPT of an agent',
      ...tokenOf(
        {
          ...{ compact: await holder.wpt(wit, names.resource), signer: holder.key },
          demanded: { ...wrongClaims.wpt, aud: [...wrongClaims.wpt.aud, audience] },
        },
        stranger,
      ),
      with: (token) => agent(wit, token),
    },
  ]
}
