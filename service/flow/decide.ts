/**
 * The life of one query, from a checked request to a recorded decision.
 *
 * The first four steps are total: a missing fact or a broken policy becomes a denial, never a throw.
 * The last may throw; then no decision exists and the gateway must deny.
 */
import type { Decision } from '../contract/decision.ts'
import type { Query } from '../contract/query.ts'
import { limits } from '../contract/limits.ts'
import { answeredEffect } from '../contract/observation.ts'
import { composeInput, type ComposedInput } from '../decision/compose-input.ts'
import type { Facts, Pep } from '../decision/facts.ts'
import { reachDecision } from '../decision/reach-decision.ts'
import { gapVerdict } from '../decision/verdict.ts'
import type { Draft } from '../port/audit-log.ts'
import type { RecordedDecision } from './answer.ts'
import { draftDecision, requestKeyOf } from './draft-decision.ts'
import type { Claimed } from './claimed.ts'
import { gatherFacts } from './gather-facts.ts'
import { judge } from './judge.ts'
import { spendProofs } from './spend-proofs.ts'
import type { WorkflowStanding } from '../workflow/worsened.ts'
import type { AnswerStanding } from '../workflow/asked-inputs.ts'
import type { DecidePorts } from './tenant.ts'

/**
 * @param claimed what a facade's own members say of the same question; a contradiction denies.
 * @throws PdpError `audit_unavailable`, `request_id_reused`; `unauthenticated` when the asker's proof was used.
 */
export async function decide(
  query: Query,
  pep: Pep,
  ports: DecidePorts,
  claimed: Claimed = {},
): Promise<RecordedDecision> {
  for (let judged = 0; ; judged += 1) {
    try {
      return await decideOnce(query, pep, ports, claimed, judged < limits.judgedAgain)
    } catch (error) {
      if (!(error instanceof JudgedTooEarly)) throw error
    }
  }
}

/** The workflow was made worse while a permit in it was judged: nothing is recorded, and policy is asked anew. */
class JudgedTooEarly extends Error {}

async function decideOnce(
  query: Query,
  pep: Pep,
  ports: DecidePorts,
  claimed: Claimed,
  mayJudgeAgain: boolean,
): Promise<RecordedDecision> {
  const engine = ports.policy()
  const facts = await gatherFacts(query, pep, ports, engine, claimed)
  const input = composeInput(query, facts)
  const verdict = await judge(input, facts, engine)
  const decision = reachDecision(verdict, facts, input.value.attested.approval)
  const requestKey = requestKeyOf(query.request_id, facts)
  const draftOf = (reached: Decision, of: Facts): Draft =>
    draftDecision(reached, input, of, requestKey, ports.pseudonymKey)
  const spent = { ...facts, replayKeys: [] }
  const recorded = (await ports.audit.append(draftOf(decision, facts), {
    requestKey,
    queryDigest: input.queryDigest,
    caller: pep.proofs,
    standing: {
      unspent: facts.replayKeys,
      stopEpoch: facts.stopEpoch,
      session: facts.session,
      approval: decision.approval?.id ?? null,
      toldOf: input.value.attested.approval?.id ?? null,
      answers: answeredEffect(decision) === 'permit' ? answersOf(input, facts) : null,
      workflow: answeredEffect(decision) === 'permit' ? standingOf(input, facts) : null,
      denial: (gaps) => {
        if (mayJudgeAgain && gaps.some(({ code }) => code === 'workflow.meanwhile'))
          throw new JudgedTooEarly()
        return draftOf(reachDecision(gapVerdict(gaps), spent, null), spent)
      },
    },
  })) as RecordedDecision
  // A retry that is answered from its record was offered when it was decided; its own proof is not yet used up.
  if (recorded.leaf.jti === facts.decisionId)
    ports.shadow?.offer({ query, pep, claimed, facts, decision })
  else await spendProofs(pep, ports)
  return recorded
}

/** What a permitted answer is of; null for what is none, or of kinds that are not remembered. */
function answersOf(
  { value, roundDigest: round }: ComposedInput,
  facts: Facts,
): AnswerStanding | null {
  const { definition_digest: definition } = value.question
  const { asked } = value.verified.inputs
  if (asked === null || definition === null) return null
  return { lane: facts.inputs.lane, definition, id: asked.decision_id, round }
}

/** What a permit stands on of its workflow: held against it once more in the order of the log. */
function standingOf({ value, conduct }: ComposedInput, facts: Facts): WorkflowStanding {
  const { parameters, purpose } = value.registry
  return {
    ref: facts.workflow,
    seen: facts.workflowSeen,
    cost: conduct.cost,
    server: value.question.server_id,
    budgets: [parameters?.workflow?.budgets ?? {}, purpose?.budgets ?? {}],
  }
}
