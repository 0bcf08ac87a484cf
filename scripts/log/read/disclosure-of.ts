// What was disclosed beside a decision, once it is what the leaf says: a salt and a value, by their digest.

import type { Leaf } from '../../../service/contract/leaf.ts'
import type { PolicyInput } from '../../../service/contract/policy-input.ts'
import type { Reason } from '../../../service/contract/decision.ts'
import { digestOfFields, fieldDigest, fieldsIn } from './disclosed-fields.ts'
import { disclosureDigest } from './leaf-digests.ts'

/** `input` is what policy saw. */
export interface DisclosedDecision {
  readonly input: PolicyInput
  readonly reasons: readonly Reason[]
}

/** The text is the one that the leaf commits to. */
export function isOfLeaf(text: string, leaf: Leaf): boolean {
  const digest = digestOfDisclosed(text)
  return digest !== null && committedBy(leaf) === digest
}

/** Null for what nobody can have written: no JSON, or none that has a canonical form. */
function digestOfDisclosed(text: string): string | null {
  try {
    const fields = fieldsIn(text)
    return fields === null ? disclosureDigest(text) : digestOfFields(fields.map(fieldDigest))
  } catch {
    return null
  }
}

/** The digest of what was disclosed, as the leaf has it. */
export function committedBy(leaf: Leaf): unknown {
  const named = leaf.kind === 'decision' ? leaf.disclosure : leaf.event['disclosure']
  return (named as { readonly digest?: unknown } | undefined)?.digest
}

/** What it says; the service signed its digest, so its shape is the service's own. */
export function disclosedDecision(text: string): DisclosedDecision {
  return (JSON.parse(text) as { readonly value: DisclosedDecision }).value
}

/** Who voted, beside a leaf of a vote; null when it is another leaf. */
export function disclosedVoter(
  text: string,
  { kind }: Leaf,
): { readonly iss: string | null; readonly sub: string | null } | null {
  if (kind !== 'approval_vote' && kind !== 'approval_vote_refused') return null
  return (JSON.parse(text) as { readonly value: { readonly voter: { iss: string; sub: string } } })
    .value.voter
}
