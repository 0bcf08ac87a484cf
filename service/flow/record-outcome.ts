/** Records what a gateway did after a decision: one outcome a decision, in the workflow of that decision. */
import { PdpError } from '../contract/error-code.ts'
import type { Outcome, OutcomeReceipt } from '../contract/outcome.ts'
import { digestOf } from '../statement/digest.ts'
import type { RecordedDecision } from './answer.ts'
import type { DecidePorts } from './tenant.ts'

/** @throws PdpError `outcome_conflict` when another outcome was reported before. */
export async function recordOutcome(
  decision: RecordedDecision,
  outcome: Outcome,
  ports: DecidePorts,
): Promise<OutcomeReceipt> {
  const { leaf } = decision
  const id = leaf.jti.replace(/^dec_/u, 'out_')
  const requestKey = digestOf('request-key', ['outcome', leaf.jti])
  const queryDigest = digestOf('content', outcome)
  const event = {
    decision_id: leaf.jti,
    pep: leaf.aud,
    decision_index: leaf.index,
    effect: leaf.effect,
    ...(leaf.observed === undefined ? {} : { observed: leaf.observed }),
    ...outcome,
  }
  try {
    const recorded = await ports.audit.append(
      {
        typ: 'event+jwt',
        now: Math.floor(ports.clock.now() / 1000),
        workflowId: leaf.workflow.id,
        claims: {
          kind: 'outcome',
          jti: id,
          tenant: leaf.tenant,
          event,
          request_key: requestKey,
          query_digest: queryDigest,
        },
        disclosure: null,
      },
      { requestKey, queryDigest },
    )
    return {
      decision_id: leaf.jti,
      outcome_id: id,
      token: recorded.token,
      log: { origin: recorded.leaf.iss, index: recorded.leaf.index, leaf_hash: recorded.leafHash },
    }
  } catch (error) {
    if (!(error instanceof PdpError) || error.code !== 'request_id_reused') throw error
    throw new PdpError(
      'outcome_conflict',
      'Another outcome stands for this decision; it cannot be changed.',
      {
        cause: error,
      },
    )
  }
}
