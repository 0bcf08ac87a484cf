/**
 * Judges a recorded policy input: the rooms of `decide` from the engine to the decision, and nothing of their own.
 *
 * Whatever those rooms rest on stands in the input itself or in the bundles that judge, so that the bundles of
 * the day must give what was recorded, and others give what they would have decided.
 */
import type { Decision } from '../contract/decision.ts'
import type { PolicyInput } from '../contract/policy-input.ts'
import { observationsFor } from '../decision/observe.ts'
import { reachDecision } from '../decision/reach-decision.ts'
import { indexOf } from '../decision/registry-index.ts'
import type { PolicyEngine } from '../port/policy-engine.ts'
import { judge } from './judge.ts'

/** @param text canonical JSON of the input */
export async function judgeAgain(
  input: PolicyInput,
  text: string,
  engine: PolicyEngine,
): Promise<Decision> {
  const { verified, question, attested, now, decision_id: decisionId } = input
  const { pep, initiator, server } = verified
  const { registry } = indexOf(engine.registry)
  const facts = {
    ...{ decisionId, pep, initiator, server, gaps: [] },
    now: now * 1000,
    purpose: attested.purpose,
    observations: observationsFor(
      registry,
      { server: question.server_id, kind: question.kind },
      now,
    ),
  }
  // All of it is asked by one: whoever asked in their day has no queries here that could hold others up.
  const alone = { ...engine, evaluate: (asked: string) => engine.evaluate(asked) }
  const verdict = await judge({ text, registeredKey: question.key }, facts, alone)
  return reachDecision(verdict, facts, attested.approval)
}
