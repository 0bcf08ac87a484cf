/**
 * Sign-in at an OpenID provider: authorization code with PKCE (S256), `state`, `nonce` and, where the provider has it,
 * `iss` (RFC 9207). The signature of an ID token is checked though it came over TLS, since the log names its digest.
 */
import { readFile } from 'node:fs/promises'
import * as openid from 'openid-client'
import type { SignInConfig } from '../../contract/console-config.ts'
import { PdpError } from '../../contract/error-code.ts'
import { limits } from '../../contract/limits.ts'
import type { Clock } from '../../port/clock.ts'
import type { BegunSignIn, SignedIn, SignIn } from '../../port/sign-in.ts'
import { digestOfText } from '../../statement/digest.ts'
import { fetchOf, type ProviderReach } from './fetch-provider.ts'
import { createLogoutReader } from './logout-token.ts'

export function createSignIn(config: SignInConfig, clock: Pick<Clock, 'now'>): SignIn {
  const described = describedBy(config, clock)
  return {
    clientId: config.client_id,
    begin: async (redirectUri, isFresh) => begin(await described(), config, redirectUri, isFresh),
    finish: async (answer, begun) => finish(await described(), config, answer, begun),
    signedOut: createLogoutReader(
      config,
      async () => (await described()).serverMetadata(),
      reachOf,
    ),
    endSessionUrl: async () => {
      const { end_session_endpoint: url } = (await described()).serverMetadata()
      return url === undefined ? null : openid.buildEndSessionUrl(await described()).href
    },
  }
}

async function begin(
  provider: openid.Configuration,
  { scopes = [], acr_values: acr }: SignInConfig,
  redirectUri: string,
  isFresh: boolean,
): Promise<BegunSignIn> {
  const [state, nonce] = [openid.randomState(), openid.randomNonce()]
  const verifier = openid.randomPKCECodeVerifier()
  const url = openid.buildAuthorizationUrl(provider, {
    redirect_uri: redirectUri,
    scope: [...new Set(['openid', 'profile', ...scopes])].join(' '),
    ...{ state, nonce, code_challenge_method: 'S256' },
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    ...(acr === undefined ? {} : { acr_values: acr.join(' ') }),
    ...(isFresh ? { prompt: 'login', max_age: String(limits.freshSignInSeconds) } : {}),
  })
  return { url: url.href, state, nonce, verifier, isFresh }
}

async function finish(
  provider: openid.Configuration,
  { acr_values: wanted }: SignInConfig,
  answer: URL,
  { state, nonce, verifier, isFresh }: BegunSignIn,
): Promise<SignedIn> {
  const tokens = await openid
    .authorizationCodeGrant(provider, answer, {
      ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
      idTokenExpected: true,
      ...(isFresh ? { maxAge: limits.freshSignInSeconds } : {}),
    })
    .catch((cause: unknown) => {
      throw new PdpError(
        'unauthenticated',
        'The answer of the provider does not hold: sign in again.',
        { cause },
      )
    })
  const claims = tokens.claims()
  if (claims === undefined || tokens.id_token === undefined)
    throw new PdpError('unauthenticated', 'The provider gave no ID token: sign in again.')
  const acr = typeof claims['acr'] === 'string' ? claims['acr'] : null
  if (wanted !== undefined && (acr === null || !wanted.includes(acr)))
    throw new PdpError(
      'unauthenticated',
      `This console wants one of ${wanted.join(', ')} of you: sign in that way.`,
    )
  return {
    ...{ iss: claims.iss, sub: claims.sub, acr, groups: textsOf(claims['groups']) },
    name: textOf(claims['name']) ?? textOf(claims['preferred_username']),
    authTime: typeof claims.auth_time === 'number' ? claims.auth_time : null,
    sid: textOf(claims['sid']),
    evidence: digestOfText(tokens.id_token),
  }
}

function textOf(claim: unknown): string | null {
  return typeof claim === 'string' && claim !== '' ? claim.slice(0, 256) : null
}

function textsOf(claim: unknown): readonly string[] {
  return Array.isArray(claim) ? claim.filter((one) => typeof one === 'string') : []
}

/** What the provider says of itself, asked for at the first sign-in and again when it is old or could not be had. */
function describedBy(
  config: SignInConfig,
  clock: Pick<Clock, 'now'>,
): () => Promise<openid.Configuration> {
  let known: { readonly until: number; readonly asked: Promise<openid.Configuration> } | null = null
  return () => {
    const now = clock.now()
    if (known !== null && known.until > now) return known.asked
    const asked = discover(config)
    const fresh = { until: now + limits.signInSeconds * 1000, asked }
    known = fresh
    asked.catch(() => {
      if (known === fresh) known = null
    })
    return asked
  }
}

async function discover(config: SignInConfig): Promise<openid.Configuration> {
  const { issuer, client_id: id, client_secret_file: file, internal = false } = config
  try {
    const secret = file === undefined ? null : (await readFile(file, 'utf8')).trim()
    const provider = await openid.discovery(
      new URL(issuer),
      id,
      {},
      secret === null ? openid.None() : openid.ClientSecretBasic(secret),
      {
        [openid.customFetch]: fetchOf(await reachOf(config)),
        execute: [
          openid.enableNonRepudiationChecks,
          // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is marked so to stand out; only `internal` gets here
          ...(internal ? [openid.allowInsecureRequests] : []),
        ],
      },
    )
    return provider
  } catch (cause) {
    throw new PdpError('not_ready', 'The provider at which people sign in cannot be asked.', {
      cause,
    })
  }
}

async function reachOf({ internal = false, ca_file: file }: SignInConfig): Promise<ProviderReach> {
  return file === undefined
    ? { internal }
    : { internal, tls: { ca: [await readFile(file, 'utf8')] } }
}
