/**
 * A proof of possession through its pipeline: header, key, signature, payload, claims. The key is the one that
 * another token is bound to; whether the proof was used before is asked when the answer is recorded.
 */
import type { SpentProof } from '../contract/leaf.ts'
import type { AcceptedProof } from '../identity/wpt.ts'
import { isObject, parseMembers, type JsonMembers } from '../identity/parse-token.ts'
import {
  parseProof,
  type ParsedProof,
  type PossessionKind,
} from '../identity/possession-profile.ts'
import { read, refuse, type Reading } from '../identity/reading.ts'
import type { KeySets, VerificationKey } from '../port/key-sets.ts'
import { digestOf } from '../statement/digest.ts'

export type Possession = {
  readonly accepted: AcceptedProof
  /** RFC 7638 thumbprint of the key that was proved. */
  readonly thumbprint: string
  /** What it uses up: itself, and the nonce that it spends. */
  readonly spent: readonly SpentProof[]
}

export type PossessionAsk = {
  readonly kind: PossessionKind
  readonly compact: string
  /** Which key must have signed it. */
  readonly keyOf: (proof: ParsedProof, keySets: KeySets) => Reading<VerificationKey>
  readonly accept: (payload: JsonMembers) => Reading<AcceptedProof>
}

/** Total. */
export async function provePossession(
  ask: PossessionAsk,
  keySets: KeySets,
): Promise<Reading<Possession>> {
  const proof = parseProof(ask.compact, ask.kind)
  if (!proof.ok) return proof
  const key = ask.keyOf(proof.value, keySets)
  if (!key.ok) return key
  const { signingInput, signature, payload } = proof.value
  if (!(await key.value.verify(signingInput, signature))) return refuse('bad_signature')
  const members = parseMembers(payload)
  if (!members.ok) return members
  const accepted = ask.accept(members.value)
  if (!accepted.ok) return accepted
  const { thumbprint } = key.value
  return read({
    accepted: accepted.value,
    thumbprint,
    spent: spentBy(ask.kind, thumbprint, accepted.value),
  })
}

/** RFC 9449 section 4.3: a proof brings its key, public and asymmetric; whose it is, another token says. */
export const keyInHeader: PossessionAsk['keyOf'] = ({ alg, jwk }, keys) => {
  const isSecret = isObject(jwk) && (jwk['kty'] === 'oct' || 'd' in jwk || 'k' in jwk)
  const key = isObject(jwk) && !isSecret ? keys.brought(jwk, alg) : null
  return key === null ? refuse('bad_cnf') : read(key)
}

/** The proof itself, and the nonce that it spends: each may be shown once. */
function spentBy(
  kind: PossessionKind,
  thumbprint: string,
  { jti, until, nonce }: AcceptedProof,
): readonly SpentProof[] {
  const proof = { digest: digestOf('replay-key', [kind, thumbprint, jti]), until }
  if (nonce === null) return [proof]
  return [proof, { digest: digestOf('replay-key', ['nonce', nonce]), until }]
}
