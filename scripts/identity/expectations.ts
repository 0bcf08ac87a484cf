// What a token is held to when nobody asks a question with it: the tenant, the clock, and what the operator names. What
// only a question can say is taken as given, and named as not checked.

import type { TenantConfig } from '../../service/contract/config.ts'
import type { ClaimsOf, ExpectationsOf } from '../../service/flow/token-kinds.ts'
import type { TokenKind } from '../../service/identity/token-profile.ts'

export type Held = {
  readonly tenant: TenantConfig
  /** Seconds since the epoch. */
  readonly now: number
  /** The MCP server's URI; null: the token's own audience is taken. */
  readonly resource: string | null
}

type Expect<K extends TokenKind> = {
  readonly of: (held: Held, claims: ClaimsOf<K>) => ExpectationsOf<K>
  readonly unchecked: (held: Held, claims: ClaimsOf<K>) => readonly string[]
}

const revocation =
  'whether it, or anybody in it, was revoked or stopped since: `countersign stop list` asks the service'
const ofTenant = ({ now, tenant }: Held): { now: number; audience: string } => ({
  now,
  audience: tenant.audience,
})

export const expected: { readonly [K in TokenKind]: Expect<K> } = {
  access_token: {
    of: ({ now, resource, tenant }, { audiences, bound }) => ({
      now,
      audience: resource ?? audiences[0] ?? '',
      pep: null,
      issuers: tenant.issuers
        .filter(({ kinds }) => kinds.includes('initiator'))
        .map(({ issuer }) => issuer),
      proof: bound?.kind === 'jkt' ? { kind: 'jkt', thumbprint: bound.thumbprint } : null,
      certificate: bound?.kind === 'x5t#S256' ? bound.thumbprint : null,
    }),
    unchecked: ({ resource }, { bound }) => [
      ...(resource === null
        ? ['that it is for the MCP server that is asked: name it with --resource']
        : []),
      ...(bound === null
        ? []
        : ['the proof of the key that it is bound to: explain that proof, with --with this token']),
      'that it is not the token of the gateway that asks',
      revocation,
    ],
  },
  pep_token: {
    of: ofTenant,
    unchecked: () => [
      'that its client is registered as a gateway, and its scope is enough for the route',
    ],
  },
  jwt_svid: {
    of: ofTenant,
    unchecked: () => ['that the registry names this workload for the server'],
  },
  wit: {
    of: ({ now }) => ({ now }),
    unchecked: () => [
      'the proof of its key, without which it is no evidence: explain that proof, with --with this token',
    ],
  },
  platform_token: {
    of: (held) => ({
      ...ofTenant(held),
      demands: (issuer) => {
        const known = held.tenant.issuers.find(
          (one) => one.issuer === issuer && one.kinds.includes('platform'),
        )
        return known === undefined ? null : (known.claims ?? {})
      },
    }),
    unchecked: () => [
      'that the registry names these claims for the server, or the purpose this initiator',
      revocation,
    ],
  },
  security_event: {
    of: ofTenant,
    unchecked: () => ['that it was not taken before, and its issuer may speak of the subject'],
  },
  purpose_grant: {
    of: ofTenant,
    unchecked: () => [
      'that it is for the initiator who asks, and covers what is asked: policy says that',
    ],
  },
}
