/**
 * From a verdict to the decision. Total: any gap and any fault denies, with its own reason.
 *
 * The only way to a permit is a coherent policy result that says so, or a coherent one whose every finding the
 * signed registry observes (`observe.ts`); what was judged stays the effect of the decision.
 */
import type { Decision, Reason } from '../contract/decision.ts'
import type { Observed } from '../contract/observation.ts'
import type { AttestedApproval } from '../contract/approval.ts'
import { demandOf } from '../contract/approval-demand.ts'
import type { HoldDemand, PolicyResult } from '../contract/policy-result.ts'
import { limits } from '../contract/limits.ts'
import { digestOf } from '../statement/digest.ts'
import type { Facts } from './facts.ts'
import { observe } from './observe.ts'
import type { Verdict } from './verdict.ts'

/** How long a held query waits for people, in seconds. */
const holdSeconds = 3600
/** What of a leaf findings, obligations and grounds may fill; the rest is bounded by the schema of the query. */
const statedBytes = 32 * 1024

/** What of the facts a decision rests on beside the verdict: all of it stands in the policy input or its registry. */
export type GroundFacts = Pick<
  Facts,
  'decisionId' | 'now' | 'observations' | 'initiator' | 'server' | 'purpose'
>

/** @param approval what people said of it, as policy was told */
export function reachDecision(
  verdict: Verdict,
  facts: GroundFacts,
  approval: AttestedApproval | null,
): Decision {
  const decision =
    verdict.source === 'policy'
      ? ofPolicy(verdict.result, facts, approval)
      : ofFailure(verdict, facts)
  return fits(decision) ? decision : tooLarge(facts)
}

function ofPolicy(
  result: PolicyResult,
  facts: GroundFacts,
  approval: AttestedApproval | null,
): Decision {
  const observed = observe(result, facts.observations)
  const isAnsweredPermit = result.effect === 'permit' || observed !== null
  return {
    decisionId: facts.decisionId,
    effect: result.effect,
    reasons: result.findings.map(reasonOf),
    ...(observed === null ? {} : { observed }),
    // A denial needs nothing done; what a hold asks for is in the hold. What is observed is done as a permit is.
    obligations: isAnsweredPermit ? result.obligations : [],
    // Nobody is asked to approve what goes ahead anyway.
    ...(result.effect === 'hold' && result.hold !== undefined && observed === null
      ? { hold: { ...result.hold, ...requestOf(result.hold, facts, approval) } }
      : {}),
    // Whatever it goes ahead for, observed too: what people allowed once is not there a second time.
    ...(isAnsweredPermit && approval?.status === 'approved'
      ? { approval: { id: approval.id, votes: approval.votes } }
      : {}),
    grounds: result.effect === 'permit' ? result.grounds.map((ground) => ground.rule) : [],
    validSeconds: validSeconds(result, facts, { observed, approval }),
    source: 'policy',
  }
}

/** The same question again joins the request that waits already, so that nobody is asked twice. */
function requestOf(
  { kind, ...demanded }: HoldDemand,
  { decisionId, now }: GroundFacts,
  approval: AttestedApproval | null,
): { readonly id: string; readonly expiresAt: number } {
  const isSame =
    kind === 'approval' &&
    approval?.status === 'pending' &&
    digestOf('content', approval.demand) === digestOf('content', demandOf(demanded))
  return isSame
    ? { id: approval.id, expiresAt: approval.expires_at }
    : {
        id: decisionId.replace(/^dec_/u, 'apr_'),
        expiresAt: Math.floor(now / 1000) + holdSeconds,
      }
}

function reasonOf(finding: PolicyResult['findings'][number]): Reason {
  const params =
    finding.waived_by === undefined
      ? finding.params
      : { ...finding.params, waived_by: finding.waived_by }
  return { code: finding.code, rule: finding.rule, params }
}

/** A permit stands no longer than any evidence or approval that it rests on, and an observed one no longer than that lasts. */
function validSeconds(
  result: PolicyResult,
  facts: GroundFacts,
  { observed, approval }: { observed: Observed | null; approval: AttestedApproval | null },
): number {
  const now = Math.floor(facts.now / 1000)
  const ends = [
    facts.initiator.expires_at,
    facts.server.expires_at,
    facts.purpose?.expires_at,
    approval?.expires_at,
    observed === null ? null : Date.parse(observed.expires_at) / 1000,
  ]
    .filter((end) => typeof end === 'number')
    .map((end) => Math.max(1, Math.floor(end) - now))
  return Math.min(result.valid_seconds ?? limits.validSeconds, ...ends)
}

function ofFailure(verdict: Exclude<Verdict, { source: 'policy' }>, facts: GroundFacts): Decision {
  const reasons: Reason[] = verdict.gaps.map((gap) => ({ code: gap.code, params: gap.params }))
  if (verdict.fault !== null) reasons.push({ code: verdict.fault, params: {} })
  return denial(facts, reasons, verdict.source)
}

function denial(
  facts: GroundFacts,
  reasons: readonly Reason[],
  source: Decision['source'],
): Decision {
  return {
    decisionId: facts.decisionId,
    effect: 'deny',
    reasons,
    obligations: [],
    grounds: [],
    validSeconds: 1,
    source,
  }
}

function fits({ reasons, obligations, grounds, observed }: Decision): boolean {
  const stated = [
    reasons.map(({ code, rule }) => [code, rule]),
    obligations,
    grounds,
    observed ?? null,
  ]
  return bytesOf(stated) <= statedBytes
}

function bytesOf(value: unknown): number {
  // A UTF-16 unit is at most three bytes of UTF-8.
  return JSON.stringify(value).length * 3
}

function tooLarge(facts: GroundFacts): Decision {
  return denial(facts, [{ code: 'leaf.too_large', params: {} }], 'gap')
}
