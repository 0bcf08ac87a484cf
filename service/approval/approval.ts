/** One approval as its leaves say it is; how it stands is computed, never stored. */
import type { ApprovalVote } from '../contract/approval.ts'
import type { ApprovalDemand } from '../contract/approval-demand.ts'
import type { NoticeEvent } from '../contract/delivery.ts'
import type { Digest } from '../contract/digest.ts'
import type { TaintFacet } from '../contract/workflow.ts'

export type Vote = ApprovalVote & {
  /** Of its leaf. */
  readonly id: string
  /** Seconds since the epoch. */
  readonly at: number
}

/** A delivery took a notice, at that time. */
export type Told = {
  readonly delivery: string
  readonly event: NoticeEvent
  /** Seconds since the epoch. */
  readonly at: number
}

export type Approval = {
  readonly id: string
  /** The held decision that asked first; its leaf is the request. */
  readonly decisionId: string
  readonly workflowId: string
  /** Of the action, or of the round where a part of it was held. */
  readonly key: Digest
  readonly actionDigest: Digest
  readonly shownDigest: Digest
  /** Of the workflow, as it was shown. */
  readonly taint: readonly TaintFacet[]
  readonly demand: ApprovalDemand
  /** Pseudonyms of the initiator and of everybody in the chain. */
  readonly subject: string | null
  readonly actors: readonly string[]
  /** And of the authors of the policy that asked. */
  readonly authors: readonly string[]
  /** The gateway that asked, a client of that issuer; null in a log of an earlier version. */
  readonly pep: string
  readonly pepIssuer: string | null
  readonly server: string
  readonly capability: string | null
  /** Code of the purpose; null without one. */
  readonly purpose: string | null
  readonly requestedAt: number
  /** Seconds since the epoch; past it nothing is approved or used. */
  readonly expiresAt: number
  /** Identical questions, the first among them. */
  readonly asked: number
  readonly votes: readonly Vote[]
  readonly isCancelled: boolean
  /** Its end without a decision is in the log. */
  readonly isExpiryLogged: boolean
  /** Decisions that used it. */
  readonly uses: readonly string[]
  /** The decision that used it up. */
  readonly usedBy: string | null
  /** Who was told of what. */
  readonly told: readonly Told[]
}
