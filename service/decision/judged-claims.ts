/** What a leaf says of how it was judged: all that the same input and the same bundles must give again. */
import type { Decision } from '../contract/decision.ts'
import type { DecisionLeaf } from '../contract/leaf.ts'

export type JudgedClaims = Pick<
  DecisionLeaf,
  'exp' | 'effect' | 'observed' | 'reasons' | 'obligations' | 'hold' | 'verdict_source'
> & {
  /** Of `authority`. */
  readonly rules: readonly string[]
}

/** @param now seconds since the epoch, at which it was judged */
export function judgedClaims(decision: Decision, now: number): JudgedClaims {
  const { effect, observed, reasons, obligations, hold, grounds, validSeconds, source } = decision
  return {
    exp: now + validSeconds,
    effect,
    ...(observed === undefined ? {} : { observed }),
    reasons: reasons.map(({ code, rule }) => (rule === undefined ? { code } : { code, rule })),
    obligations: [...obligations],
    ...(hold === undefined
      ? {}
      : {
          hold: {
            kind: hold.kind,
            id: hold.id,
            exp: hold.expiresAt,
            ...(hold.group === undefined ? {} : { group: hold.group }),
            ...(hold.quorum === undefined ? {} : { quorum: hold.quorum }),
          },
        }),
    verdict_source: source,
    rules: [...grounds],
  }
}
