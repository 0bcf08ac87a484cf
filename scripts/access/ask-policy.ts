// Asks the policy: each question through the rooms of a decision, up to the door of the log, many at a time.

import { answeredEffect } from '../../service/contract/observation.ts'
import type { Decision } from '../../service/contract/decision.ts'
import type { Effect, HoldDemand } from '../../service/contract/policy-result.ts'
import { type ComposedInput, composeInput } from '../../service/decision/compose-input.ts'
import { reachDecision } from '../../service/decision/reach-decision.ts'
import { judge } from '../../service/flow/judge.ts'
import type { PolicyEngine } from '../../service/port/policy-engine.ts'
import { canonicalJson } from '../../service/statement/canonical-json.ts'
import { usage } from '../command/command.ts'
import type { Facts } from '../../service/decision/facts.ts'
import { factsAtBest, type GivenPurpose, type Setting } from './best-facts.ts'
import { type Arguments, type Asked, queryAtBest } from './best-query.ts'
import type { Party } from './party.ts'
import { type RestsOn, restsOn } from './rests-on.ts'

export interface AccessQuestion extends GivenPurpose {
  readonly party: Party
  readonly asked: Asked
}

export interface AccessAnswer extends AccessQuestion {
  /** As judged. */
  readonly effect: Effect
  /** What a gateway would be told: an entry of `observe` may make it a permit. */
  readonly answered: Effect
  /** Of findings that stand, each once. */
  readonly codes: readonly string[]
  readonly hold?: HoldDemand
  /** Exceptions without which there would be more findings. */
  readonly waived_by: readonly string[]
  /** Entries of `observe` that make the permit. */
  readonly observed_by: readonly string[]
  /** Null for a denial. */
  readonly rests_on: RestsOn | null
}

/** Questions that are under way at once: more would only wait, and be given up for waiting. */
const together = 128
export const mostQuestions = 50_000

/** In the order of the questions. @param given arguments; null for such as are inside the bounds */
export async function askPolicy(
  questions: readonly AccessQuestion[],
  given: Arguments | null,
  setting: Setting,
  engine: PolicyEngine,
): Promise<readonly AccessAnswer[]> {
  if (questions.length > mostQuestions) {
    throw usage(
      `There are ${String(questions.length)} questions to ask, and at most ${String(mostQuestions)} are asked at once: narrow them with --purpose or --server.`,
    )
  }
  const answers: AccessAnswer[] = []
  for (let at = 0; at < questions.length; at += together) {
    const some = questions.slice(at, at + together)
    answers.push(...(await Promise.all(some.map((one) => answerOf(one, given, setting, engine)))))
  }
  return answers
}

async function answerOf(
  question: AccessQuestion,
  given: Arguments | null,
  setting: Setting,
  engine: PolicyEngine,
): Promise<AccessAnswer> {
  const { party, asked } = question
  const query = queryAtBest(asked, given)
  const decide = async (facts: Facts): Promise<Decision> => {
    const input = asReviewed(composeInput(query, facts), asked)
    const verdict = await judge(input, facts, engine)
    // Nobody attacks here: what a busy machine could not answer in time is asked once more.
    const isFault = verdict.source === 'engine_fault'
    return reachDecision(isFault ? await judge(input, facts, engine) : verdict, facts, null)
  }
  const facts = factsAtBest(party, question, asked, setting)
  const decision = await decide(facts)
  const isDenied = answeredEffect(decision) === 'deny'
  return {
    ...question,
    ...termsOf(decision),
    rests_on: isDenied ? null : await restsOn(decision, facts, asked.capability, decide),
  }
}

/** Only the digest of a reviewed definition is known: it is served so. */
function asReviewed(input: ComposedInput, { capability }: Asked): ComposedInput {
  const { definition_digest: pinned } = capability
  if (pinned === undefined) return input
  const question = { ...input.value.question, definition_digest: pinned }
  const value = { ...input.value, question }
  return { ...input, value, text: canonicalJson(value) }
}

function termsOf(decision: Decision): Omit<AccessAnswer, keyof AccessQuestion | 'rests_on'> {
  const { effect, reasons, observed, hold } = decision
  const waivers = reasons.map(({ params }) => params['waived_by'])
  const standing = reasons.filter((_, i) => waivers[i] === undefined)
  return {
    effect,
    answered: answeredEffect(decision),
    codes: [...new Set(standing.map(({ code }) => code))].sort(),
    ...(hold === undefined ? {} : { hold: demandOf(hold) }),
    waived_by: [...new Set(waivers.filter((id) => typeof id === 'string'))].sort(),
    observed_by: (observed?.by ?? []).map(({ id }) => id),
  }
}

function demandOf({ kind, group, quorum }: HoldDemand): HoldDemand {
  return {
    kind,
    ...(group === undefined ? {} : { group }),
    ...(quorum === undefined ? {} : { quorum }),
  }
}
