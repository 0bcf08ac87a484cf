/**
 * The pipeline that every token goes through, in one order: size, character set, base64url, header,
 * profile, whose keys, key by `kid` and `alg`, signature, payload, claims.
 *
 * Total: each check that fails is a value with its own code. No network before the issuer is found in
 * the tenant's table; no claim is looked at before the signature is good, but the one that names the issuer.
 */
import { parseMembers, parseToken } from '../identity/parse-token.ts'
import { peekIssuer } from '../identity/peek.ts'
import { read, refuse, type Reading, type Refusal } from '../identity/reading.ts'
import { readStatusReference, type StatusReference } from '../identity/status-list.ts'
import type { TokenKind } from '../identity/token-profile.ts'
import type { KeyFailure, KeySets } from '../port/key-sets.ts'
import type { ClaimsOf, KindRow } from './token-kinds.ts'

/** What a token has passed, in this order; after the last, whether it stands now is for whoever asks. */
export const proofSteps = ['header', 'issuer', 'key', 'signature', 'payload', 'claims'] as const
export type ProofStep = (typeof proofSteps)[number]

/** What a signed payload says, and where the status of its token can be looked up; null: it has none. */
export type Proved<K extends TokenKind> = {
  readonly claims: ClaimsOf<K>
  readonly status: (StatusReference & { readonly issuer: string }) | null
}

/**
 * What the payload of a token says, once its signature is found to be by a key that the tenant trusts for it.
 *
 * @param passed hears of each step that the token passed.
 */
export async function proveToken<K extends TokenKind>(
  row: KindRow<K>,
  tenant: string,
  compact: string,
  keySets: KeySets,
  passed: (step: ProofStep) => void = () => undefined,
): Promise<Reading<Proved<K>>> {
  const { profile } = row
  const token = parseToken(compact, profile)
  if (!token.ok) return token
  passed('header')
  const { alg, kid, payload, signingInput, signature } = token.value
  const issuer = peekIssuer(payload, profile)
  if (!issuer.ok) return issuer
  passed('issuer')
  const found = await keySets.find({ tenant, kind: profile.trust, issuer: issuer.value, kid, alg })
  if (!found.ok) return refuseKey(found.failure, profile.trust)
  passed('key')
  if (!(await found.key.verify(signingInput, signature))) return refuse('bad_signature')
  passed('signature')
  const members = parseMembers(payload)
  if (!members.ok) return members
  passed('payload')
  const claims = row.read(members.value)
  if (!claims.ok) return claims
  const status = readStatusReference(members.value)
  if (!status.ok) return status
  passed('claims')
  const { value: named } = status
  return read({
    claims: claims.value,
    status: named === null ? null : { issuer: issuer.value, ...named },
  })
}

function refuseKey(failure: KeyFailure, trust: string): Refusal {
  const isDomain = trust === 'jwt_svid' || trust === 'wit_svid'
  return refuse(failure === 'issuer_unknown' && isDomain ? 'untrusted_domain' : failure)
}
