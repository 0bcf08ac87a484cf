// Why a proof of possession is accepted or refused: the decision path itself, with the token that the proof is about.

import { proveInitiator } from '../../service/flow/prove-initiator.ts'
import { proveWorkload } from '../../service/flow/prove-workload.ts'
import { proveX5 } from '../../service/flow/prove-x5.ts'
import type { Asked } from '../../service/flow/proof-ports.ts'
import { createVerifyToken } from '../../service/flow/verify-token.ts'
import type { PossessionKind } from '../../service/identity/possession-profile.ts'
import type { Refusal } from '../../service/identity/reading.ts'
import { digestOfText } from '../../service/statement/digest.ts'
import { usage } from '../command/command.ts'
import { explainToken, type Explanation } from './explain-token.ts'
import { expected, type Held } from './expectations.ts'
import type { Trust } from './given-trust.ts'
import { explainSvid } from './explain-svid.ts'
import { chainIn } from './given-chain.ts'

const companions = { wpt: 'wit', dpop: 'access_token' } as const
const needed = {
  wpt: 'the WIT',
  dpop: 'the access token',
  x5_proof: 'the certificates, the leaf first,',
} as const

/** @param companion the WIT, the access token or the certificates that the proof is about. @throws PdpError `usage`. */
export async function explainProof(
  kind: PossessionKind,
  compact: string,
  companion: string | null,
  held: Held,
  trust: Trust,
): Promise<Explanation> {
  if (companion === null)
    throw usage(`A proof is about something else: name ${needed[kind]} with --with <file>.`)
  const common = { kind, digest: digestOfText(compact) } as const
  const about = await explainCompanion(kind, companion, held, trust)
  const { passed, failed, ahead } = about
  if (failed !== null)
    return { ...common, accepted: false, passed, failed, ahead: [...ahead, 'proof'], unchecked: [] }
  const proved = await prove(kind, compact, companion, held, trust)
  return {
    ...common,
    accepted: proved.ok,
    passed: proved.ok ? [...passed, 'proof'] : passed,
    failed: proved.ok ? null : { step: 'proof', failure: proved.failure },
    ahead: [],
    unchecked: [
      'that it was not shown before',
      ...(kind === 'dpop'
        ? []
        : ['that its nonce is one of ours, and its digest is that of the request']),
      ...(kind === 'x5_proof'
        ? ['that the registry names the workload of the certificate for the server']
        : []),
    ],
  }
}

type About = Pick<Explanation, 'passed' | 'failed' | 'ahead'>

/** A token is one step, whose own steps are there to be asked for; certificates are shown in the order of their own. */
async function explainCompanion(
  kind: PossessionKind,
  companion: string,
  held: Held,
  trust: Trust,
): Promise<About> {
  if (kind === 'x5_proof') return await explainSvid(companion, held, trust)
  const { failed } = await explainToken(companions[kind], companion, held, trust)
  if (failed === null) return { passed: ['companion'], failed, ahead: [] }
  const { failure } = failed
  return { passed: [], failed: { step: 'companion', failure }, ahead: [] }
}

type Proved = { readonly ok: true } | Refusal

async function prove(
  kind: PossessionKind,
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
  if (kind === 'x5_proof') {
    const x5c = chainIn(companion)?.map((der) => Buffer.from(der).toString('base64'))
    return await proveX5(x5c, compact, asked, ports)
  }
  const audience = resource ?? tenant.audience
  const target = { slot: 'server', audience, mustCoverAccessToken: false } as const
  return await proveWorkload({ wit: companion, wpt: compact }, target, asked, ports)
}

/** Issuers do not depend on the claims. */
const noClaims = { audiences: [], bound: null } as unknown as Parameters<
  typeof expected.access_token.of
>[1]
