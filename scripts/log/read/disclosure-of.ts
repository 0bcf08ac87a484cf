// What was disclosed beside a decision, once it is what the leaf says: salts and values, by their digest.

import type { Reason } from '../../../service/contract/decision.ts'
import type { Leaf } from '../../../service/contract/leaf.ts'
import type { PolicyInput } from '../../../service/contract/policy-input.ts'
import { assembled } from './assembled.ts'
import { digestOfText, type WrittenClass } from './disclosed-fields.ts'

/** `input` is what policy saw. */
export interface DisclosedDecision {
  readonly input: PolicyInput
  readonly reasons: readonly Reason[]
}

/** What is left of it when classes of it have ended: each of these members is whole, or not there. */
export interface PartlyDisclosed {
  readonly input?: {
    readonly question?: Partial<PolicyInput['question']>
    readonly verified?: Partial<PolicyInput['verified']>
  }
  readonly reasons?: readonly Reason[]
}

/** The text is the one that the leaf commits to. */
export function isOfLeaf(text: string, leaf: Leaf): boolean {
  const digest = digestOfDisclosed(text)
  return digest !== null && committedBy(leaf) === digest
}

/** Null for what nobody can have written: no JSON, or none that has a canonical form. */
function digestOfDisclosed(text: string): string | null {
  try {
    return digestOfText(text)
  } catch {
    return null
  }
}

/** The digest of what was disclosed, as the leaf has it. */
export function committedBy(leaf: Leaf): unknown {
  const named = leaf.kind === 'decision' ? leaf.disclosure : leaf.event['disclosure']
  return (named as { readonly digest?: unknown } | undefined)?.digest
}

type Written = { readonly value: unknown } | { readonly classes: readonly WrittenClass[] }

/** As much of it as is there; the service signed its digest, so its shape is the service's own. */
export function disclosedParts(text: string): PartlyDisclosed {
  return valueIn(text) ?? {}
}

/** Names of the classes that have ended. */
export function endedIn(text: string): readonly string[] {
  const read = JSON.parse(text) as Written
  const classes = 'classes' in read ? read.classes : []
  return classes.filter((one) => !('fields' in one)).map(({ name }) => name)
}

function valueIn(text: string): unknown {
  const read = JSON.parse(text) as Written
  if (!('classes' in read)) return read.value
  return assembled(read.classes.flatMap((one) => ('fields' in one ? one.fields : [])))
}

/** Who voted, beside a leaf of a vote; null when it is another leaf, or who it was has ended. */
export function disclosedVoter(
  text: string,
  { kind }: Leaf,
): { readonly iss: string | null; readonly sub: string | null } | null {
  if (kind !== 'approval_vote' && kind !== 'approval_vote_refused') return null
  const value = valueIn(text) as { readonly voter?: { iss: string; sub: string } } | undefined
  return value?.voter ?? null
}
