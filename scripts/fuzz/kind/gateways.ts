// What a gateway proves itself with, in the headers of its question, and the events that others push to us.

import { development } from '../../../service/adapter/development/development-tenant.ts'
import type { Query } from '../../../service/contract/query.ts'
import { httpRequestDigestOf } from '../../../service/decision/http-request-digest.ts'
import { requestDigestClaim } from '../../../service/identity/wpt.ts'
import type { TestIssuer } from '../../../test/support/issuer.ts'
import type { Changes } from '../../../test/support/workload.ts'
import { gateways, type Ground } from '../ground.ts'
import { tokenOf, type Ending, type Kind } from '../kind.ts'
import { forbiddenClaims, wrongClaims } from '../wrong-claims.ts'

const path = '/v1/decisions'

export async function gatewayKinds(
  ground: Ground,
  query: Query,
  stranger: TestIssuer,
): Promise<readonly Kind[]> {
  const body = JSON.stringify(query)
  return [
    ...(await byToken(ground, body, stranger)),
    ...(await byWit(ground, body, stranger)),
    await event(ground, stranger),
  ]
}

type Headers = Readonly<Record<string, string>>

/** What no header can carry is as refused as it gets. */
async function ask({ stage }: Ground, body: string, headers: Headers): Promise<Ending> {
  const isSendable = Object.values(headers).every((one) =>
    /^[\u0020-\u007e\u0080-\u00ff]*$/u.test(one),
  )
  if (!isSendable) return 'refused'
  const reply = await fetch(`${stage.url()}${path}`, {
    ...{ method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } },
  })
  const answer = (await reply.json()) as { readonly effect?: string }
  return endingOf(reply.status, answer.effect)
}

export function endingOf(status: number, effect: unknown): Ending {
  if (status >= 500) return 'crash'
  return status === 200 && effect !== 'deny' ? 'permit' : 'refused'
}

async function byToken(
  ground: Ground,
  body: string,
  stranger: TestIssuer,
): Promise<readonly Kind[]> {
  const { party, stage } = ground
  const { holder, keys } = party
  const own = { sub: gateways.dpop, client_id: gateways.dpop, cnf: { jkt: holder.thumbprint } }
  const bound = await party.credential(own)
  const url = `${stage.config.publicUrl}${path}`
  const send = (token: string, dpop: string): Promise<Ending> =>
    ask(ground, body, { authorization: `DPoP ${token}`, dpop })
  return [
    {
      name: 'token of a gateway',
      ...tokenOf(
        {
          ...{ compact: await party.credential(), signer: keys.identity },
          demanded: wrongClaims.gateway,
        },
        stranger,
      ),
      alone: (token) => ask(ground, body, { authorization: `Bearer ${token}` }),
    },
    {
      name: 'DPoP-bound token of a gateway',
      ...tokenOf(
        {
          ...{ compact: bound, signer: keys.identity },
          demanded: { ...wrongClaims.gateway, ...wrongClaims.bound },
        },
        stranger,
      ),
      alone: async (token) => send(token, await holder.dpop(token, url)),
    },
    {
      name: 'DPoP proof of a gateway',
      ...tokenOf(
        {
          ...{ compact: await holder.dpop(bound, url), signer: holder.key },
          ...{ demanded: wrongClaims.dpop, forbidden: forbiddenClaims.dpop },
        },
        stranger,
      ),
      alone: (token) => send(bound, token),
    },
  ]
}

async function byWit(ground: Ground, body: string, stranger: TestIssuer): Promise<readonly Kind[]> {
  const { party, stage } = ground
  const { holder, audience, keys } = party
  const wit = await party.wit({ sub: gateways.wit })
  const digest = httpRequestDigestOf({
    ...{ audience, method: 'POST', url: `${stage.config.publicUrl}${path}` },
    body: Buffer.from(body),
  })
  const bound: Changes = { claims: { [requestDigestClaim]: digest } }
  const send = (own: string, wpt: string): Promise<Ending> =>
    ask(ground, body, { 'workload-identity-token': own, 'workload-proof-token': wpt })
  const another = { [requestDigestClaim]: [`sha256:${'0'.repeat(64)}`, 'x'] }
  return [
    {
      name: 'WIT of a gateway',
      ...tokenOf({ compact: wit, signer: keys.wit, demanded: wrongClaims.wit }, stranger),
      alone: async (token) => send(token, await holder.wpt(token, audience, bound)),
    },
    {
      name: 'WPT of a gateway',
      ...tokenOf(
        {
          ...{ compact: await holder.wpt(wit, audience, bound), signer: holder.key },
          ...{ demanded: { ...wrongClaims.wpt, ...another }, forbidden: forbiddenClaims.wpt },
        },
        stranger,
      ),
      alone: (token) => send(wit, token),
    },
  ]
}

/** Of whom nothing is asked: that he is revoked changes no other question. */
const subject = { format: 'iss_sub', iss: development.identityIssuer, sub: 'nobody' }

async function event({ party }: Ground, stranger: TestIssuer): Promise<Kind> {
  const headers = { 'content-type': 'application/secevent+jwt', authorization: '' }
  return {
    name: 'security event',
    ...tokenOf(
      {
        ...{ compact: await party.event({ sub_id: subject }), signer: party.keys.identity },
        ...{ demanded: wrongClaims.event, forbidden: forbiddenClaims.event },
      },
      stranger,
    ),
    alone: async (token) => {
      const { status } = await party.call('/v1/security-events', token, headers)
      if (status >= 500) return 'crash'
      return status >= 400 ? 'refused' : 'permit'
    },
  }
}
