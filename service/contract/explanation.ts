/** Why a question is answered as it is: every finding with its rule, its remedy and the facts that it read. */
import { Type, type Static } from 'typebox'
import { PolicyRevision } from './decision.ts'
import { closed, Name, nullable, oneOf, OpenObject } from './digest.ts'
import { Observed } from './observation.ts'
import { Effect, HoldKind, Obligation } from './policy-result.ts'
import { RuleEntry } from './rule-map.ts'

const { file, lines, title, remediation, reads } = RuleEntry.properties

/** Where a rule stands is known only when its bundle says so. */
const place = {
  code: Name,
  rule: Name,
  file: Type.Optional(file),
  lines: Type.Optional(lines),
  title: Type.Optional(title),
  remediation: Type.Optional(remediation),
  /** Their values are in `facts`. */
  reads: Type.Optional(reads),
}

export const ExplainedRule = Type.Object(place, closed)
export type ExplainedRule = Static<typeof ExplainedRule>

export const ExplainedFinding = Type.Object(
  {
    ...place,
    effect: oneOf(['deny', 'hold']),
    severity: Type.String(),
    params: OpenObject,
    /** The exception that waives it: then it has no effect. */
    waived_by: Type.Optional(Name),
    /** What the effect would be if only the other findings stood. */
    without: Effect,
  },
  closed,
)
export type ExplainedFinding = Static<typeof ExplainedFinding>

export const Explanation = Type.Object(
  {
    /** What is judged; where there is `observed`, a gateway is told that. */
    effect: Effect,
    observed: Type.Optional(Observed),
    /** `gap` or `engine_fault`: policy was not asked, or could not answer; `gaps` says why. */
    source: oneOf(['policy', 'engine_fault', 'gap']),
    policy: nullable(PolicyRevision),
    findings: Type.Array(ExplainedFinding),
    grounds: Type.Array(ExplainedRule),
    /** Rules any one of which could have permitted, when none did. */
    missing_grounds: Type.Array(ExplainedRule),
    gaps: Type.Array(Type.Object({ code: Name, params: OpenObject }, closed)),
    /** What a permit asks for, or would. */
    obligations: Type.Array(Obligation),
    hold: Type.Optional(
      Type.Object(
        {
          kind: HoldKind,
          group: Type.Optional(Name),
          quorum: Type.Optional(Type.Integer({ minimum: 1 })),
        },
        closed,
      ),
    ),
    /** Member of the policy input -> its value. What a rule reads and is not here was not there. */
    facts: OpenObject,
    /** The decision that is explained, as it was recorded. */
    recorded: Type.Optional(
      Type.Object(
        { decision_id: Type.String(), effect: Effect, reasons: Type.Array(Name) },
        closed,
      ),
    ),
  },
  closed,
)
export type Explanation = Static<typeof Explanation>
