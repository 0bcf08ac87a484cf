/**
 * One question to the PDP: the part that differs, with the proofs of the caller and of the server.
 *
 * The gateway vouches for nobody: it hands on the tokens, and the PDP verifies them.
 */
import type { DecisionAnswer } from '../../../service/contract/decision.ts'
import type { Outcome } from '../../../service/contract/outcome.ts'
import type { Query } from '../../../service/contract/query.ts'
import type { JsonObject } from './message.ts'
import type { PdpClient } from './pdp-client.ts'
import { ruleOn, type Ruling } from './ruling.ts'

/** Who calls, by what the HTTP request carries. */
export type Caller = {
  /** Digest of the two tokens: tells callers apart without keeping their tokens. */
  readonly key: string
  readonly accessToken: string | undefined
  readonly grant: string | undefined
}

/** The MCP server behind the gateway: its id in the registry, and its workload's proof for the PDP. */
export type Served = {
  readonly id: string
  readonly url: URL
  readonly proof: () => Promise<string>
}

export type Question = Omit<Query, 'initiator' | 'server' | 'purpose'>

export type Asked = { readonly query: Query; readonly ruling: Ruling }

export type Ask = {
  /** @param content what obligations may change. */
  readonly rule: (caller: Caller, question: Question, content: JsonObject) => Promise<Ruling>
  /** Tells the PDP what was done with what it let pass. */
  readonly settle: (passed: readonly DecisionAnswer[], outcome: Outcome) => Promise<void>
}

/** @param observe sees every question and what became of it. */
export function createAsk(served: Served, pdp: PdpClient, observe: (asked: Asked) => void): Ask {
  // One caller with one purpose is one workflow; the PDP names it.
  const workflows = new Map<string, string>()
  const settle: Ask['settle'] = async (passed, outcome) => {
    await Promise.all(
      passed.map(({ decision_id: id, obligations }) =>
        pdp.report(id, { ...outcome, obligations: obligations.map((obligation) => obligation.id) }),
      ),
    )
  }
  const rule: Ask['rule'] = async (caller, question, content) => {
    const workflowId = workflows.get(caller.key)
    const query: Query = {
      ...question,
      ...(caller.accessToken === undefined
        ? {}
        : { initiator: { access_token: caller.accessToken } }),
      server: { id: served.id, proof: { jwt_svid: await served.proof() } },
      ...(caller.grant === undefined ? {} : { purpose: { grant: caller.grant } }),
      workflow: { ...question.workflow, ...(workflowId === undefined ? {} : { id: workflowId }) },
    }
    const ruling = ruleOn(await pdp.decide(query), content, Date.now())
    const { answer } = ruling
    if (answer !== null && workflowId === undefined) workflows.set(caller.key, answer.workflow.id)
    observe({ query, ruling })
    if (answer !== null && !ruling.pass) {
      await pdp.report(answer.decision_id, { status: 'suppressed' })
    }
    return ruling
  }
  return { rule, settle }
}
