/** What a check of evidence gives: the value it read, or the one reason why there is none. Never a throw. */
import type { EvidenceFailure } from '../contract/reason-code.ts'

export type Refusal = { readonly ok: false; readonly failure: EvidenceFailure }
export type Reading<T> = { readonly ok: true; readonly value: T } | Refusal

export function read<T>(value: T): Reading<T> {
  return { ok: true, value }
}

export function refuse(failure: EvidenceFailure): Refusal {
  return { ok: false, failure }
}
