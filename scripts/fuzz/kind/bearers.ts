// Tokens that count by themselves: of a person, a server, a purpose, a platform's workload.

import type { Query } from '../../../service/contract/query.ts'
import type { TestIssuer } from '../../../test/support/issuer.ts'
import { names, type Party } from '../../../test/support/party.ts'
import { tokenOf, type Kind } from '../kind.ts'
import { forbiddenClaims, wrongClaims } from '../wrong-claims.ts'

/** The job of a pipeline. */
export const job = 'repo:acme@12/tools@34:ref:refs/heads/main'

export async function bearers(
  { keys, ...party }: Party,
  query: Query,
  stranger: TestIssuer,
): Promise<readonly Kind[]> {
  const [access, svid, grant] = [await party.access(), await party.svid(), await party.grant()]
  const upper = { sub: [...wrongClaims.svid.sub, names.spiffeId.toUpperCase()] }
  return [
    {
      name: 'access token',
      ...tokenOf(
        { compact: access, signer: keys.identity, demanded: wrongClaims.person },
        stranger,
      ),
      with: (access_token) => ({ ...query, initiator: { access_token } }),
    },
    {
      name: 'JWT-SVID',
      ...tokenOf(
        { compact: svid, signer: keys.spiffe, demanded: { ...wrongClaims.svid, ...upper } },
        stranger,
      ),
      with: (jwt_svid) => ({ ...query, server: { id: 'ops', proof: { jwt_svid } } }),
    },
    {
      name: 'purpose grant',
      ...tokenOf({ compact: grant, signer: keys.purpose, demanded: wrongClaims.grant }, stranger),
      with: (token) => ({ ...query, purpose: { grant: token } }),
    },
  ]
}

/** Those that a platform vouches for. */
export async function vouched(
  party: Party,
  query: Query,
  stranger: TestIssuer,
): Promise<readonly Kind[]> {
  const byServer = await party.grant({ capabilities: ['pipelines/tool:status'] })
  const byJob = await party.grant({ initiator: { iss: names.platform, sub: job } })
  const genuine = async () =>
    tokenOf(
      {
        ...{ compact: await party.job(), signer: party.keys.platform },
        ...{ demanded: wrongClaims.platform, forbidden: forbiddenClaims.platform },
      },
      stranger,
    )
  return [
    {
      name: 'platform token of a server',
      ...(await genuine()),
      with: (platform_token) => ({
        ...query,
        ...{ server: { id: 'pipelines', proof: { platform_token } }, purpose: { grant: byServer } },
      }),
    },
    {
      name: 'platform token of an initiator',
      ...(await genuine()),
      with: (platform_token) => ({
        ...query,
        ...{ initiator: { platform_token }, purpose: { grant: byJob } },
      }),
    },
  ]
}
