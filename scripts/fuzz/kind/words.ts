// What a gateway says of a server in a word: the digest of what it started, the handle of a session.

import { development } from '../../../service/adapter/development/development-tenant.ts'
import type { Query } from '../../../service/contract/query.ts'
import { names } from '../../../test/support/party.ts'
import { openingBy } from '../../../test/support/proof-session.ts'
import { launched, type Ground } from '../ground.ts'
import type { Kind } from '../kind.ts'
import { otherText } from './certified.ts'

export async function words(ground: Ground, query: Query): Promise<readonly Kind[]> {
  const granted = await ground.party.grant({ capabilities: ['stdio/tool:status'] })
  const handle = await openSession(ground)
  return [
    {
      name: 'launch that a gateway tells of',
      ...{ genuine: launched, hostile: (random) => otherText(launched, random) },
      with: (digest) => ({
        ...query,
        ...{ server: { id: 'stdio', proof: { launch: { digest } } }, purpose: { grant: granted } },
      }),
    },
    {
      name: 'handle of a proof session',
      ...{ genuine: handle, hostile: (random) => otherText(handle, random) },
      with: (session) => ({ ...query, server: { id: 'ops', proof: { session } } }),
    },
  ]
}

async function openSession({ party, stage }: Ground): Promise<string> {
  const { identityIssuer: issuer, pep: client_id } = development
  const { holder, audience } = party
  const terms = { server: { id: 'ops' }, gateway: { issuer, client_id } }
  const asked = await openingBy(holder, await party.wit({ sub: names.spiffeId }), audience, terms)
  const reply = await fetch(`${stage.url()}/v1/proof-sessions`, {
    ...{ method: 'POST', body: JSON.stringify(asked) },
    headers: { 'content-type': 'application/json' },
  })
  const { handle } = (await reply.json()) as { readonly handle?: string }
  if (handle === undefined) throw new Error('no proof session is opened')
  return handle
}
