// Why a proof of possession is accepted or refused: the decision path itself, with the token that the proof is about.

import { proveInitiator } from '../../service/flow/prove-initiator.ts'
import { proveWorkload } from '../../service/flow/prove-workload.ts'
import type { Asked } from '../../service/flow/proof-ports.ts'
import { createVerifyToken } from '../../service/flow/verify-token.ts'
import type { Refusal } from '../../service/identity/reading.ts'
import { digestOfText } from '../../service/statement/digest.ts'
import { usage } from '../command/command.ts'
import { explainToken, type Explanation } from './explain-token.ts'
import { expected, type Held } from './expectations.ts'
import type { Trust } from './given-trust.ts'
import type { ExplainedProof } from './guess-kind.ts'

const companions = { wpt: 'wit', dpop: 'access_token' } as const

/** @param companion the WIT, or the access token, that the proof is about. @throws PdpError `usage`. */
export async function explainProof(
  kind: ExplainedProof,
  compact: string,
  companion: string | null,
  held: Held,
  trust: Trust,
): Promise<Explanation> {
  if (companion === null) {
    const needed = kind === 'wpt' ? 'the WIT' : 'the access token'
    throw usage(`A proof is about another token: name ${needed} with --with <file>.`)
  }
  const about = await explainToken(companions[kind], companion, held, trust)
  const common = { kind, digest: digestOfText(compact) } as const
  if (about.failed !== null) {
    const failed = { step: 'companion', failure: about.failed.failure } as const
    return { ...common, accepted: false, passed: [], failed, ahead: ['proof'], unchecked: [] }
  }
  const proved = await prove(kind, compact, companion, held, trust)
  return {
    ...common,
    accepted: proved.ok,
    passed: proved.ok ? ['companion', 'proof'] : ['companion'],
    failed: proved.ok ? null : { step: 'proof', failure: proved.failure },
    ahead: [],
    unchecked: [
      'that it was not shown before',
      ...(kind === 'wpt'
        ? ['that its nonce is one of ours, and its digest is that of the request']
        : []),
    ],
  }
}

type Proved = { readonly ok: true } | Refusal

async function prove(
  kind: ExplainedProof,
  compact: string,
  companion: string,
  { now, resource, tenant }: Held,
  { keySets }: Trust,
): Promise<Proved> {
  const asked: Asked = {
    ...{
      now,
      accessToken: null,
      tlsPin: null,
      pep: { issuer: '', clientId: '', workload: null, peer: null, grade: 'none' },
      resource,
    },
    session: () => ({ ok: false, failure: 'session_unknown' }),
    ...{ isRequest: () => true, isNonce: () => true, isRevoked: () => false },
  }
  const { issuers } = expected.access_token.of({ now, resource, tenant }, noClaims)
  const ports = {
    ...{ verify: createVerifyToken(keySets), keySets },
    tenant: {
      ...{ id: tenant.id, audience: tenant.audience },
      ...{ initiatorIssuers: issuers, agentDocument: () => null, platformDemands: () => null },
    },
  }
  if (kind === 'dpop') {
    if (resource === null)
      throw usage('A DPoP proof is for one MCP server: name it with --resource <uri>.')
    const proved = await proveInitiator({ access_token: companion, dpop: compact }, asked, ports)
    return proved ?? { ok: false, failure: 'malformed' }
  }
  const audience = resource ?? tenant.audience
  const target = { slot: 'server', audience, mustCoverAccessToken: false } as const
  return await proveWorkload({ wit: companion, wpt: compact }, target, asked, ports)
}

/** Issuers do not depend on the claims. */
const noClaims = { audiences: [], bound: null } as unknown as Parameters<
  typeof expected.access_token.of
>[1]
