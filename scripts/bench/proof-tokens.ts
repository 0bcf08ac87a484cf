// Genuine proofs of each kind, all of them different, with what OPA needs to hold them to the same.

import { startTokens, expectations, type Tokens } from '../../test/support/tokens.ts'
import { idp, moment, resource, tenantAudience } from '../../test/support/issuer.ts'
import { createHolder, type Holder } from '../../test/support/workload.ts'
import { proveInitiator } from '../../service/flow/prove-initiator.ts'
import { proveServer } from '../../service/flow/prove-server.ts'
import type { Asked } from '../../service/flow/proof-ports.ts'
import type { VerifyToken } from '../../service/flow/verify-token.ts'
import type { TokenKind } from '../../service/identity/token-profile.ts'

/** One proof: its tokens, each with the kind of its constraints in OPA. */
export type Proof = readonly { readonly kind: string; readonly token: string }[]

export type ProofKind = {
  readonly name: string
  readonly make: () => Promise<Proof>
  /** Whether we accept it. */
  readonly verify: (proof: Proof, verify: VerifyToken) => Promise<boolean>
}

export type ProofMint = {
  readonly tokens: Tokens
  readonly kinds: readonly ProofKind[]
  /** For `io.jwt.decode_verify`, by kind. */
  readonly constraints: Readonly<Record<string, object>>
}

const plain: readonly (readonly [string, TokenKind])[] = [
  ['access token (RFC 9068)', 'access_token'],
  ['JWT-SVID', 'jwt_svid'],
  ['platform token, RS256', 'platform_token'],
]

export async function startProofMint(): Promise<ProofMint> {
  const tokens = await startTokens()
  const holder = await createHolder(() => moment)
  const kinds = [
    ...plain.map(([name, kind]) => bearer(name, kind, tokens)),
    ...pairs(tokens, holder),
  ]
  return { tokens, kinds, constraints: constraintsOf(tokens, holder) }
}

function bearer(name: string, kind: TokenKind, { sign }: Tokens): ProofKind {
  return {
    name,
    make: async () => [{ kind, token: await sign(kind, { jti: crypto.randomUUID() }) }],
    verify: async ([one], verify) =>
      (await verify(kind, 'acme', one?.token ?? '', expectations()[kind])).ok,
  }
}

const asked: Asked = {
  ...{
    now: moment,
    accessToken: null,
    resource,
    tlsPin: null,
    pep: { issuer: idp, clientId: 'gateway', workload: null, peer: null, grade: 'pop' },
  },
  session: () => ({ ok: false, failure: 'session_unknown' }),
  ...{ isRequest: () => true, isRevoked: () => false, isNonce: () => true },
}

function pairs({ sign, keySets }: Tokens, holder: Holder): readonly ProofKind[] {
  const tenant = {
    ...{ id: 'acme', audience: tenantAudience, initiatorIssuers: [idp] },
    agentDocument: () => null,
    platformDemands: () => ({}),
  }
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
      verify: async ([wit, wpt], verify) => {
        const proof = { wit: wit?.token ?? '', wpt: wpt?.token ?? '' }
        return (await proveServer(proof, asked, { tenant, keySets, verify }))?.ok === true
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
      verify: async ([token, dpop], verify) => {
        const proof = { access_token: token?.token ?? '', dpop: dpop?.token ?? '' }
        return (await proveInitiator(proof, asked, { tenant, keySets, verify }))?.ok === true
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
