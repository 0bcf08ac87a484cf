// A kind of proof as it is measured: how one is made, and how we are asked about it.

import type { Asked, ProofPorts } from '../../service/flow/proof-ports.ts'
import type { VerifyToken } from '../../service/flow/verify-token.ts'
import type { KeySets } from '../../service/port/key-sets.ts'
import { idp, moment, resource, tenantAudience } from '../../test/support/issuer.ts'

/** One proof: its tokens, each with the kind of its constraints in OPA. */
export type Proof = readonly { readonly kind: string; readonly token: string }[]

export type ProofKind = {
  readonly name: string
  readonly make: () => Promise<Proof>
  /** Whether we accept it. */
  readonly verify: (proof: Proof, memory: Memory) => Promise<boolean>
  /** `io.jwt.decode_verify` has nothing for it. */
  readonly isBeyondOpa?: true
}

/** What remembers, and begins empty in each round. */
export type Memory = { readonly verify: VerifyToken; readonly keySets: KeySets }

/** By whom, and when, all of them are asked with. */
export const asked: Asked = {
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

export const tenant: ProofPorts['tenant'] = {
  ...{ id: 'acme', audience: tenantAudience, initiatorIssuers: [idp] },
  agentDocument: () => null,
  platformDemands: () => ({}),
}
