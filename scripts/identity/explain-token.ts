// Why a token is accepted or refused: the decision path itself, told of each step that the token passed.

import type { EvidenceFailure } from '../../service/contract/reason-code.ts'
import { proofSteps, proveToken, type ProofStep } from '../../service/flow/prove-token.ts'
import type { SvidStep } from '../../service/flow/prove-svid.ts'
import { tokenKinds, type KindRow } from '../../service/flow/token-kinds.ts'
import { takeApart } from '../../service/identity/parse-token.ts'
import type { Reading } from '../../service/identity/reading.ts'
import type { TokenKind } from '../../service/identity/token-profile.ts'
import { digestOfText } from '../../service/statement/digest.ts'
import { expected, type Held } from './expectations.ts'
import type { ExplainedKind } from './guess-kind.ts'
import type { Trust } from './given-trust.ts'

export const steps = ['form', ...proofSteps, 'now'] as const
export type Step = (typeof steps)[number] | SvidStep | 'companion' | 'proof'

export type Explanation = {
  readonly kind: ExplainedKind | null
  /** As decisions name it in their evidence. */
  readonly digest: string
  readonly accepted: boolean
  readonly passed: readonly Step[]
  readonly failed: { readonly step: Step; readonly failure: EvidenceFailure } | null
  /** Steps that it did not come to. */
  readonly ahead: readonly Step[]
  /** Facts that nothing here could check. */
  readonly unchecked: readonly string[]
  /** What the leaf of a chain says of itself; seconds since the epoch. */
  readonly certificate?: {
    readonly names: readonly string[]
    readonly from: number
    readonly to: number
  }
}

export async function explainToken<K extends TokenKind>(
  kind: K,
  compact: string,
  held: Held,
  { keySets }: Trust,
): Promise<Explanation & { readonly kind: K }> {
  const row: KindRow<K> = tokenKinds[kind]
  const { of, unchecked } = expected[kind]
  const digest = digestOfText(compact)
  const passed: Step[] = []
  const end = (reading: Reading<unknown>, facts: readonly string[]) => ({
    ...{ kind, digest, accepted: reading.ok, passed, unchecked: facts },
    ...standing(passed, reading),
  })
  const form = takeApart(compact)
  if (!form.ok) return end(form, [])
  passed.push('form')
  const step = (one: ProofStep): void => {
    passed.push(one)
  }
  const claims = await proveToken(row, held.tenant.id, compact, keySets, step)
  if (!claims.ok) return end(claims, [])
  const accepted = row.accept(claims.value.claims, of(held, claims.value.claims))
  if (accepted.ok) passed.push('now')
  const status = claims.value.status === null ? [] : [statusUnchecked]
  return end(accepted, [...status, ...unchecked(held, claims.value.claims)])
}

const statusUnchecked =
  'its place in the status list that it names: `GET /v1/trust` says how fresh that list is'

/** What failed is the step after the last that was passed. */
function standing(
  passed: readonly Step[],
  reading: Reading<unknown>,
): Pick<Explanation, 'failed' | 'ahead'> {
  if (reading.ok) return { failed: null, ahead: [] }
  const step = steps[passed.length] ?? 'now'
  const { failure } = reading
  return { failed: { step, failure }, ahead: steps.slice(passed.length + 1) }
}
