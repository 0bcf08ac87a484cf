/** Logout tokens of a provider (OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6). */
import { createRemoteJWKSet, customFetch, jwtVerify, type JWTPayload } from 'jose'
import type { ServerMetadata } from 'openid-client'
import type { SignInConfig } from '../../contract/console-config.ts'
import { PdpError } from '../../contract/error-code.ts'
import { limits } from '../../contract/limits.ts'
import type { SignIn, SignedOut } from '../../port/sign-in.ts'
import { fetchOf, type ProviderReach } from './fetch-provider.ts'

const event = 'http://schemas.openid.net/event/backchannel-logout'

export function createLogoutReader(
  config: SignInConfig,
  described: () => Promise<ServerMetadata>,
  reachOf: (config: SignInConfig) => Promise<ProviderReach>,
): SignIn['signedOut'] {
  let keys: ReturnType<typeof createRemoteJWKSet> | null = null
  return async (logoutToken) => {
    const { issuer, jwks_uri: uri } = await described()
    if (uri === undefined) throw new PdpError('not_ready', 'The provider publishes no keys.')
    const fetch = fetchOf(await reachOf(config))
    keys ??= createRemoteJWKSet(new URL(uri), {
      [customFetch]: (url, { headers, signal }) =>
        fetch(url, {
          ...{ method: 'GET', body: undefined, redirect: 'manual', signal },
          headers: Object.fromEntries(headers),
        }),
    })
    try {
      const { payload } = await jwtVerify(logoutToken, keys, {
        ...{ issuer, audience: config.client_id, clockTolerance: limits.clockSkewSeconds },
        maxTokenAge: limits.challengeSeconds,
      })
      return signedOutBy(payload, issuer)
    } catch (cause) {
      throw new PdpError('unauthenticated', 'The logout token does not hold.', { cause })
    }
  }
}

/** An ID token is none: it has a nonce, and no event. */
function signedOutBy({ sub, sid, events, nonce, jti }: JWTPayload, iss: string): SignedOut {
  const isLogout = typeof events === 'object' && events !== null && Object.hasOwn(events, event)
  if (!isLogout || nonce !== undefined || jti === undefined)
    throw new Error('it is no logout token')
  const session = typeof sid === 'string' ? sid : null
  if (session === null && sub === undefined) throw new Error('it names neither session nor person')
  return { iss, sub: sub ?? null, sid: session }
}
