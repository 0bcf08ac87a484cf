// Approvals of a timeline: which held decisions asked for one, who consented, and what answered it.

import type { ApprovalVote } from '../../../service/contract/approval.ts'
import type { Notification } from '../../../service/contract/delivery.ts'
import type { DecisionLeaf, EventLeaf, Leaf } from '../../../service/contract/leaf.ts'
import { instantText } from '../printable.ts'
import type { OpenDecision } from './decision-step.ts'
import type { Consent } from './steps.ts'

export class AskedApprovals {
  readonly #held = new Map<string, OpenDecision[]>()
  readonly #votes = new Map<string, Consent>()

  /** A decision that holds asks; one that uses an approval answers those that asked for it. */
  decided(open: OpenDecision): void {
    const { hold, approval, index } = open.leaf
    if (hold?.shown_digest !== undefined)
      this.#held.set(hold.id, [...(this.#held.get(hold.id) ?? []), open])
    if (approval !== undefined) this.#answer(approval.id, index)
  }

  /** The votes that a decision rests on. */
  consentsOf({ approval }: DecisionLeaf): readonly Consent[] {
    return (approval?.votes ?? []).flatMap((id) => this.#votes.get(id) ?? [])
  }

  /** The held decisions that an event about an approval is about. */
  asked({ event }: EventLeaf): readonly OpenDecision[] {
    return this.#held.get(String(event['approval_id'])) ?? []
  }

  follow(leaf: Leaf): void {
    if (leaf.kind === 'approval_vote') this.#vote(leaf)
    else if (leaf.kind === 'approval_cancelled' || leaf.kind === 'approval_expired')
      this.#answer(String(leaf.event['approval_id']), leaf.index)
    else if (leaf.kind === 'notification') this.#tell(leaf.event as Notification)
  }

  #tell({ approval_id: id, delivery, event }: Notification): void {
    if (event !== 'approval.requested') return
    for (const open of this.#held.get(id) ?? []) open.toldBy = [...open.toldBy, delivery]
  }

  #vote({ jti, index, iat, event }: EventLeaf): void {
    const {
      approval_id: id,
      voter,
      person,
      verdict,
      assurance,
      shown_digest,
    } = event as ApprovalVote
    this.#votes.set(jti, {
      ...{ index, at: instantText(iat), voter, person, assurance, shown_digest },
    })
    if (verdict === 'deny') this.#answer(id, index)
  }

  #answer(id: string, index: number): void {
    for (const open of this.#held.get(id) ?? []) open.answeredBy ??= index
  }
}
