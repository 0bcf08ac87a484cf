// Genuine proofs of each kind, all of them different, with what OPA needs to hold them to the same.

import { startTokens, expectations, type Tokens } from '../../test/support/tokens.ts'
import { moment, resource, tenantAudience } from '../../test/support/issuer.ts'
import { createHolder, type Holder } from '../../test/support/workload.ts'
import { proveInitiator } from '../../service/flow/prove-initiator.ts'
import { proveServer } from '../../service/flow/prove-server.ts'
import type { TokenKind } from '../../service/identity/token-profile.ts'
import type { KeySets } from '../../service/port/key-sets.ts'
import { certificateKinds } from './proof-certificates.ts'
import { asked, tenant, type ProofKind } from './proof-kind.ts'

export type ProofMint = {
  readonly tokens: Tokens
  /** The keys of all kinds, remembering nothing yet. */
  readonly freshKeySets: () => KeySets
  readonly kinds: readonly ProofKind[]
  /** For `io.jwt.decode_verify`, by kind. */
  readonly constraints: Readonly<Record<string, object>>
}

const plain: readonly (readonly [string, TokenKind])[] = [
  ['access token (RFC 9068)', 'access_token'],
  ['JWT-SVID', 'jwt_svid'],
  ['platform token, RS256', 'platform_token'],
  ['purpose grant, Ed25519', 'purpose_grant'],
]

export async function startProofMint(): Promise<ProofMint> {
  const tokens = await startTokens()
  const holder = await createHolder(() => moment)
  const certified = certificateKinds(holder)
  const kinds = [
    ...plain.map(([name, kind]) => bearer(name, kind, tokens)),
    ...pairs(tokens, holder),
    ...certified.kinds,
  ]
  const { authorities } = certified
  const freshKeySets = (): KeySets => ({ ...tokens.keySets, authorities })
  return { tokens, freshKeySets, kinds, constraints: constraintsOf(tokens, holder) }
}

function bearer(name: string, kind: TokenKind, { sign }: Tokens): ProofKind {
  return {
    name,
    make: async () => [{ kind, token: await sign(kind, { jti: crypto.randomUUID() }) }],
    // OPA knows Ed25519 by another name of its algorithm.
    ...(kind === 'purpose_grant' ? { isBeyondOpa: true } : {}),
    verify: async ([one], { verify }) =>
      (await verify(kind, 'acme', one?.token ?? '', expectations()[kind])).ok,
  }
}

function pairs({ sign }: Tokens, holder: Holder): readonly ProofKind[] {
  const jti = (): object => ({ jti: crypto.randomUUID() })
  return [
    {
      name: 'WIT and WPT',
      make: async () => {
        const wit = await sign('wit', { ...jti(), cnf: { jwk: holder.key.jwk } })
        const wpt = await holder.wpt(wit, tenantAudience)
        return [
          { kind: 'wit', token: wit },
          { kind: 'wpt', token: wpt },
        ]
      },
      verify: async ([wit, wpt], memory) => {
        const proof = { wit: wit?.token ?? '', wpt: wpt?.token ?? '' }
        return (await proveServer(proof, asked, { tenant, ...memory }))?.ok === true
      },
    },
    {
      name: 'access token and DPoP',
      make: async () => {
        const token = await sign('access_token', { ...jti(), cnf: { jkt: holder.thumbprint } })
        return [
          { kind: 'access_token', token },
          { kind: 'dpop', token: await holder.dpop(token, resource) },
        ]
      },
      verify: async ([token, dpop], memory) => {
        const proof = { access_token: token?.token ?? '', dpop: dpop?.token ?? '' }
        return (await proveInitiator(proof, asked, { tenant, ...memory }))?.ok === true
      },
    },
  ]
}

function constraintsOf({ signers }: Tokens, holder: Holder): Readonly<Record<string, object>> {
  const by = (jwk: object, alg: string, aud: string | null): object => ({
    ...{ cert: JSON.stringify({ keys: [jwk] }), alg, time: moment * 1e9 },
    ...(aud === null ? {} : { aud }),
  })
  const of = (kind: TokenKind, aud: string | null): object =>
    by(signers[kind].jwk, signers[kind].alg, aud)
  return {
    access_token: of('access_token', resource),
    jwt_svid: of('jwt_svid', tenantAudience),
    platform_token: of('platform_token', tenantAudience),
    wit: of('wit', null),
    wpt: by(holder.key.jwk, 'ES256', tenantAudience),
    dpop: by(holder.key.jwk, 'ES256', null),
  }
}
