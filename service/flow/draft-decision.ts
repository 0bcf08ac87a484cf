/** The leaf of a decision before it has its place, and what is disclosed beside it. */
import type { Binding, Decision, Reason } from '../contract/decision.ts'
import { keepingFor } from '../audit/keeping.ts'
import type { Digest } from '../contract/digest.ts'
import { answeredEffect } from '../contract/observation.ts'
import type { DecisionLeaf } from '../contract/leaf.ts'
import type { GrantRequest } from '../contract/grant-request.ts'
import type { PolicyInput, Question } from '../contract/policy-input.ts'
import type { ComposedInput } from '../decision/compose-input.ts'
import { judgedClaims } from '../decision/judged-claims.ts'
import type { Facts } from '../decision/facts.ts'
import type { Draft } from '../port/audit-log.ts'
import { digestOf, pseudonymOf } from '../statement/digest.ts'

/** What lies encrypted beside a decision's leaf: enough to answer again and to judge again. */
export type DisclosedDecision = {
  readonly input: PolicyInput
  readonly reasons: readonly Reason[]
}

/** What is left of it when classes of it have ended: each of these members is whole, or not there. */
export type PartlyDisclosed = {
  readonly input?: Partial<Omit<PolicyInput, 'question' | 'verified'>> & {
    readonly question?: Partial<PolicyInput['question']>
    readonly verified?: Partial<PolicyInput['verified']>
  }
  readonly reasons?: readonly Reason[]
}

/** Whose data key encrypts a record that names no person. */
const nobody = 'nobody'

export function draftDecision(
  decision: Decision,
  input: ComposedInput,
  facts: Facts,
  requestKey: Digest | null,
  pseudonymKey: Uint8Array,
): Draft {
  const now = Math.floor(facts.now / 1000)
  const subject = pseudonym(pseudonymKey, facts.initiator.iss, facts.initiator.sub)
  const { question } = input.value
  const binding = bindingOf(decision, input, facts, now)
  const { rules, ...judged } = judgedClaims(decision, input.value, binding)
  return {
    typ: 'decision+jwt',
    now,
    workflowId: facts.workflow.id,
    claims: {
      kind: 'decision',
      jti: decision.decisionId,
      aud: facts.pep.id,
      aud_iss: facts.pep.issuer,
      sub: subject,
      actors: facts.initiator.delegation.map((actor) =>
        pseudonymOf(pseudonymKey, actor.iss ?? facts.initiator.iss ?? '', actor.sub),
      ),
      tenant: facts.pep.tenant,
      project: facts.pep.project,
      environment: facts.pep.environment,
      phase: question.phase,
      capability: { kind: question.kind, server: question.server_id, key: input.registeredKey },
      purpose:
        facts.purpose === null
          ? null
          : { code: facts.purpose.code, grant_id: facts.purpose.grant_id },
      ...judged,
      ...authorsOf(judged, facts, pseudonymKey),
      binding,
      conduct: input.conduct,
      authority: { rules: [...rules], policy: facts.policy },
      query_digest: input.queryDigest,
      input_digest: input.inputDigest,
      ...(requestKey === null ? {} : { request_key: requestKey }),
      evidence: [...facts.evidence],
      replay_keys: [...facts.pep.proofs, ...facts.replayKeys].map(({ digest, until }) => ({
        digest,
        until,
      })),
    },
    disclosure: {
      subject: subject ?? granteeOf(question, pseudonymKey) ?? nobody,
      value: { input: input.value, reasons: decision.reasons } satisfies DisclosedDecision,
      keeping: keepingFor(facts.index.registry, question.phase),
    },
  }
}

/** Beside a request for an approval: the authors of the policy that asks, by whom it is not answered. */
function authorsOf(
  { hold }: Pick<DecisionLeaf, 'hold'>,
  { authors }: Facts,
  key: Uint8Array,
): Pick<DecisionLeaf, 'policy_authors'> {
  if (hold?.shown_digest === undefined || authors.length === 0) return {}
  return { policy_authors: authors.map(({ iss, sub }) => pseudonymOf(key, iss, sub)) }
}

/** Whom a grant that a gateway asks for is to be for: no other person stands in the record. */
function granteeOf({ kind, arguments: given }: Question, key: Uint8Array): string | null {
  if (kind !== 'grant') return null
  const { initiator } = given as unknown as GrantRequest
  return pseudonymOf(key, initiator.iss, initiator.sub)
}

function pseudonym(key: Uint8Array, iss: string | null, sub: string | null): string | null {
  return iss === null || sub === null ? null : pseudonymOf(key, iss, sub)
}

function bindingOf(decision: Decision, input: ComposedInput, facts: Facts, now: number): Binding {
  return {
    action_digest: input.actionDigest,
    round_digest: input.roundDigest,
    ...(input.templateDigest === null ? {} : { template_digest: input.templateDigest }),
    definition_digest: input.value.question.definition_digest,
    policy: facts.policy,
    valid_until: new Date((now + decision.validSeconds) * 1000).toISOString(),
    single_use: answeredEffect(decision) === 'permit',
  }
}

/** The idempotency key of the query, in the scope of tenant and PEP; null when it has none. */
export function requestKeyOf(requestId: string | undefined, { pep }: Facts): Digest | null {
  return requestId === undefined
    ? null
    : digestOf('request-key', [pep.tenant, pep.issuer, pep.id, requestId])
}
