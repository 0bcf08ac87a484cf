/** All that the page of an approval is made from. */
import type { ApprovalStatement, ApprovalView, VoteRefusal } from '../../../contract/approval.ts'
import type { RuleMap } from '../../../contract/rule-map.ts'

export type ShownApproval = {
  readonly view: ApprovalView
  /** Null when it was erased, or is not what the hold binds: then nothing can be approved. */
  readonly statement: ApprovalStatement | null
  /** The last time that people approved this capability of this server. */
  readonly similar: {
    readonly id: string
    readonly at: number
    readonly statement: ApprovalStatement
  } | null
  /** Titles of rules, as the policy of now has them. */
  readonly rules: RuleMap
  readonly hasPasskey: boolean
  /** Why this person may not answer; null when she may. */
  readonly refusal: VoteRefusal | null
  readonly hasVoted: boolean
  readonly workflow: string
}
