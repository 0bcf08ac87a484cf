/**
 * Whoever votes proves herself by a token of her own; the gateway that carries it says nothing of her.
 *
 * A proof by a key is of the very vote: it names the digest of the approval, the verdict, what was shown and the
 * comment. A bearer's token names none of them, so that the carrier's word is all that says how its owner voted
 * (`signed_in`).
 */
import type { VoteRequest } from '../contract/approval.ts'
import type { Assurance } from '../contract/approval-demand.ts'
import type { Digest } from '../contract/digest.ts'
import { PdpError } from '../contract/error-code.ts'
import type { PasskeyAssertion } from '../contract/passkey.ts'
import type { VerifiedInitiator } from '../contract/policy-input.ts'
import type { ReplayKey } from '../contract/replay-key.ts'
import type { Pep } from '../decision/facts.ts'
import { noInitiator } from '../decision/facts.ts'
import type { Evidence } from '../identity/evidence.ts'
import { refuse } from '../identity/reading.ts'
import { digestOf, pseudonymOf } from '../statement/digest.ts'
import { askerOf, type Asked } from './proof-ports.ts'
import { proveInitiator } from './prove-initiator.ts'
import type { Tenant } from './tenant.ts'

/** Somebody who votes, whoever proved who she is. */
export type ProvedVoter = {
  readonly facts: Pick<VerifiedInitiator, 'iss' | 'sub' | 'kind' | 'client_id' | 'groups' | 'acr'>
  readonly assurance: Assurance
  /** Her signature over what she answers, by a passkey; absent when it was proved otherwise. */
  readonly passkey?: PasskeyAssertion
  /** SHA-256 of the tokens that were relied on. */
  readonly digests: readonly Digest[]
  readonly replayKeys: readonly ReplayKey[]
  /** Who carried it: a gateway, or the console. */
  readonly carrier: string
}

type ProvingPorts = Pick<
  Tenant,
  'tenant' | 'audit' | 'clock' | 'pseudonymKey' | 'verify' | 'keySets'
>

/** What a proof by a key names as the answer that it is for. @param audience the tenant's URI */
export function voteDigestOf(
  id: string,
  { verdict, shown_digest, comment }: Omit<VoteRequest, 'voter'>,
  audience: string,
): Digest {
  return digestOf('vote', {
    ...{ approval_id: id, audience, comment: comment ?? null, shown_digest, verdict },
  })
}

/** The token is for the tenant and no MCP server. @param bound the digest of the vote. @throws PdpError `voter_unproven`, `stopped`. */
export async function proveVoter(
  given: VoteRequest['voter'],
  bound: Digest,
  pep: Pep,
  ports: ProvingPorts,
): Promise<ProvedVoter> {
  const { audit, pseudonymKey, tenant, clock } = ports
  const now = Math.floor(clock.now() / 1000)
  const { jwt_svid: svid, ...others } = given
  const asked: Asked = {
    now,
    pep: askerOf(pep),
    resource: tenant.audience,
    ...{ tlsPin: null, accessToken: null, isNonce: () => false },
    ...{ isRequest: (digest) => digest === bound, mustBindRequest: true },
    isRevoked: (iss, sub, issuedAt) =>
      audit.stops.isRevoked(pseudonymOf(pseudonymKey, iss, sub), issuedAt),
    session: () => ({ ok: false, failure: 'session_unknown' }),
  }
  const proved = await proveEither(svid, others, asked, ports)
  if (proved === null)
    throw new PdpError('voter_unproven', 'Send the access token of the person who votes.')
  if (!proved.ok)
    throw new PdpError(
      'voter_unproven',
      `The proof of who votes does not verify: ${proved.failure}.${hints[proved.failure] ?? ''}`,
    )
  const { iss, sub, delegation } = proved.facts
  const isStopped =
    iss !== null && sub !== null && audit.stops.isPersonStopped(pseudonymOf(pseudonymKey, iss, sub))
  if (isStopped) throw new PdpError('stopped', 'Who votes is stopped.')
  // Whoever holds a token on behalf of somebody is not that somebody.
  if (delegation.length > 0)
    throw new PdpError(
      'voter_unproven',
      'A person votes herself: send a token that nobody acts by.',
    )
  return {
    facts: proved.facts,
    assurance: proved.facts.grade === 'pop' ? 'key_bound' : 'signed_in',
    ...{ digests: proved.digests, replayKeys: proved.replayKeys, carrier: pep.id },
  }
}

const hints: Readonly<Partial<Record<string, string>>> = {
  request_digest:
    ' Put the digest of the vote (README, "Votes") into the claim urn:countersign:request of the proof.',
}

type ProvedFacts = ProvedVoter['facts'] & Pick<VerifiedInitiator, 'grade' | 'delegation'>

async function proveEither(
  svid: string | undefined,
  others: Omit<VoteRequest['voter'], 'jwt_svid'>,
  asked: Asked,
  ports: ProvingPorts,
): Promise<Evidence<ProvedFacts> | null> {
  if (svid === undefined) return await proveInitiator(others, asked, ports)
  return Object.keys(others).length > 0 ? refuse('proof_many') : await bySvid(svid, asked, ports)
}

/** A workload by a token that whoever holds it may show, as of a server: nothing in it says for which vote. */
async function bySvid(
  svid: string,
  { now, isRevoked }: Asked,
  { verify, tenant }: ProvingPorts,
): Promise<Evidence<ProvedFacts>> {
  const verified = await verify('jwt_svid', tenant.id, svid, { now, audience: tenant.audience })
  if (!verified.ok) return verified
  const { spiffe_id: id, trust_domain: domain } = verified.facts
  if (id === null || domain === null) return refuse('bad_identifier')
  const iss = `spiffe://${domain}`
  // When it was issued is not said: every revocation of its workload voids it.
  if (isRevoked(iss, id, null)) return refuse('revoked')
  const named = { iss, sub: id, client_id: id, kind: 'workload', grade: 'bearer' } as const
  const facts = { ...noInitiator, ...named }
  return { ok: true, facts, digests: [verified.digest], replayKeys: [] }
}
