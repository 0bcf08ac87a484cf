/**
 * A proof of possession through its pipeline: header, key, signature, payload, claims. The key is the one that
 * another token is bound to; whether the proof was used before is asked when the answer is recorded.
 */
import type { EvidenceSlot } from '../contract/reason-code.ts'
import type { AcceptedProof } from '../identity/wpt.ts'
import type { ReplayKey } from '../contract/replay-key.ts'
import { parseMembers, type JsonMembers } from '../identity/parse-token.ts'
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
  readonly replayKeys: readonly ReplayKey[]
}

export type PossessionAsk = {
  readonly kind: PossessionKind
  readonly slot: EvidenceSlot
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
    replayKeys: replayKeysOf(ask, thumbprint, accepted.value),
  })
}

/** The proof itself, and the nonce that it spends: each may be shown once. */
function replayKeysOf(
  { kind, slot }: PossessionAsk,
  thumbprint: string,
  { jti, until, nonce }: AcceptedProof,
): readonly ReplayKey[] {
  const proof = { slot, digest: digestOf('replay-key', [kind, thumbprint, jti]), until }
  if (nonce === null) return [proof]
  return [proof, { slot, digest: digestOf('replay-key', ['nonce', nonce]), until }]
}
