/** What a person consents to, from the canonical record alone; its digest is what the hold binds and a vote repeats. */
import type { ApprovalStatement } from '../contract/approval.ts'
import type { ApprovalDemand } from '../contract/approval-demand.ts'
import type { Binding, Reason } from '../contract/decision.ts'
import type { Digest } from '../contract/digest.ts'
import type { PolicyInput } from '../contract/policy-input.ts'
import { digestOf } from '../statement/digest.ts'

export type Asked = ApprovalDemand & {
  readonly id: string
  /** Seconds since the epoch. */
  readonly exp: number
}

export function statementOf(
  { id, exp, ...demand }: Asked,
  input: PolicyInput,
  reasons: readonly Reason[],
  binding: Pick<Binding, 'action_digest' | 'round_digest' | 'policy'>,
): ApprovalStatement {
  return {
    v: 1,
    approval_id: id,
    tenant: input.tenant,
    initiator: input.verified.initiator,
    server: { ...input.verified.server, id: input.question.server_id },
    question: input.question,
    purpose: input.attested.purpose,
    workflow: workflowShown(input),
    reasons: [...reasons],
    ...{ action_digest: binding.action_digest, round_digest: binding.round_digest },
    policy: binding.policy,
    ...demand,
    expires_at: exp,
  }
}

/** What the approver should know of what happened before; how it was found out stays with us. */
function workflowShown({ verified }: PolicyInput): ApprovalStatement['workflow'] {
  const { taint, spent, first_purpose, depth, unreported } = verified.workflow
  return { taint, spent, first_purpose, depth, unreported }
}

export function shownDigestOf(statement: ApprovalStatement): Digest {
  return digestOf('approval', statement)
}
