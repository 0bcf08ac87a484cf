/**
 * Approvals as the leaves have them: a fold, the same for a leaf that was just placed and one that is read back.
 *
 * Bounded: ends are remembered for a day, and no more is held open than there is room for.
 */
import type { ApprovalVote, AttestedRefusal } from '../contract/approval.ts'
import { demandOf } from '../contract/approval-demand.ts'
import type { Notification } from '../contract/delivery.ts'
import type { Digest } from '../contract/digest.ts'
import type { DecisionLeaf, EventLeaf, Leaf } from '../contract/leaf.ts'
import { limits } from '../contract/limits.ts'
import { isRefused } from './approval-status.ts'
import type { Approval } from './approval.ts'

/**
 * What an approval is for: the action, or one round (an asked input, its answer, a result) where that was held; the action
 * with some arguments left open where a template was held for.
 */
export function approvalKeyOf({
  phase,
  binding,
  hold,
}: Pick<DecisionLeaf, 'phase' | 'hold'> & {
  readonly binding: Pick<
    DecisionLeaf['binding'],
    'action_digest' | 'round_digest' | 'template_digest'
  >
}): Digest {
  const { template_digest: template } = binding
  if (hold?.template !== undefined && template !== undefined) return template
  return phase === 'request' ? binding.action_digest : binding.round_digest
}

/** What a refusal may stand for, whatever the arguments. */
export type Like = Pick<Approval, 'subject' | 'server' | 'capability' | 'purpose'>

export type SavedApprovals = {
  readonly all: readonly Approval[]
  readonly refusals: readonly (readonly [string, AttestedRefusal])[]
  readonly changedAt: number
}

/** That are remembered at once; of one initiator, that are not used and whose time is not over. */
export type ApprovalBounds = { readonly approvals: number; readonly approvalsPerInitiator: number }

export class Approvals {
  /** In the order in which they were asked for. */
  readonly #all = new Map<string, Approval>()
  /** The last one asked for each key. */
  readonly #byKey = new Map<string, string>()
  readonly #bySubject = new Map<string | null, Set<string>>()
  /** The last refusal of what is alike. */
  readonly #refusals: Map<string, AttestedRefusal>
  readonly #most: number
  readonly #mostOfOne: number
  #changedAt: number

  constructor(
    { approvals, approvalsPerInitiator }: ApprovalBounds,
    saved: SavedApprovals | null = null,
  ) {
    this.#most = approvals
    this.#mostOfOne = approvalsPerInitiator
    this.#refusals = new Map(saved?.refusals)
    for (const approval of saved?.all ?? []) this.#remember(approval)
    this.#changedAt = saved?.changedAt ?? -1
  }

  /** The place of the last vote, end or use: a hold that was answered before it is judged anew. */
  get changedAt(): number {
    return this.#changedAt
  }

  find(id: string): Approval | null {
    return this.#all.get(id) ?? null
  }

  /** The last one that was asked for of that action or round. */
  forKey(key: string): Approval | null {
    const id = this.#byKey.get(key)
    return id === undefined ? null : this.find(id)
  }

  /** The last time that a person said no to the like; null for nobody in the last day. */
  refusalOf(like: Like): AttestedRefusal | null {
    return this.#refusals.get(keyOfLike(like)) ?? null
  }

  /** The last asked for first. */
  list(): readonly Approval[] {
    return [...this.#all.values()].reverse()
  }

  /** One more may be asked for: what is over gives way before its day has passed. @param now seconds since the epoch */
  hasRoom(now: number): boolean {
    this.#forget(now)
    if (this.#all.size >= this.#most) this.#forget(now + limits.endedApprovalSeconds)
    return this.#all.size < this.#most
  }

  /**
   * That initiator may ask for one more. Refused and taken back ones count to the end of their time: whoever asks anew
   * with a word changed does not wear people down, nor take all the room. @param subject null: who is not known
   */
  mayAsk(subject: string | null, now: number): boolean {
    const asked = [...(this.#bySubject.get(subject) ?? [])]
      .map((id) => this.find(id))
      .filter((approval) => approval?.usedBy === null && approval.expiresAt > now)
    return asked.length < this.#mostOfOne
  }

  /** The same was asked for, or refused, by another than the one that the asker was told of. */
  isAskedMeanwhile(key: string, told: string | null, now: number): boolean {
    const latest = this.forKey(key)
    return (
      latest !== null &&
      latest.id !== told &&
      latest.usedBy === null &&
      latest.expiresAt > now &&
      (!latest.isCancelled || isRefused(latest))
    )
  }

  /** Nothing has ended it yet, as far as leaves alone tell; whether it is enough is another question. */
  isOpen(id: string, now: number): boolean {
    const approval = this.find(id)
    return (
      approval !== null &&
      approval.usedBy === null &&
      !approval.isCancelled &&
      approval.expiresAt > now &&
      !isRefused(approval)
    )
  }

  follow(leaf: Leaf): void {
    if (leaf.kind === 'decision') this.#decided(leaf)
    else if (leaf.kind === 'approval_vote') this.#voted(leaf)
    else if (leaf.kind === 'approval_cancelled') this.#end(leaf, { isCancelled: true })
    else if (leaf.kind === 'approval_expired') this.#end(leaf, { isExpiryLogged: true })
    else if (leaf.kind === 'notification') this.#told(leaf)
  }

  save(): SavedApprovals {
    return {
      all: [...this.#all.values()],
      refusals: [...this.#refusals],
      changedAt: this.#changedAt,
    }
  }

  #decided(leaf: DecisionLeaf): void {
    if (leaf.hold?.shown_digest !== undefined) this.#ask(leaf, leaf.hold)
    if (leaf.approval !== undefined) this.#use(leaf, leaf.approval.id)
  }

  #use(leaf: DecisionLeaf, id: string): void {
    const approval = this.#all.get(id)
    if (approval === undefined) return
    const uses = [...approval.uses, leaf.jti]
    const isUsedUp = uses.length >= (approval.demand.uses ?? 1)
    this.#change(leaf, id, { uses, usedBy: isUsedUp ? leaf.jti : null })
  }

  #ask(leaf: DecisionLeaf, hold: NonNullable<DecisionLeaf['hold']>): void {
    const { shown_digest: shownDigest } = hold
    const demand = demandOf(hold)
    if (demand === null || shownDigest === undefined) return
    const known = this.#all.get(hold.id)
    if (known !== undefined) {
      this.#all.set(hold.id, { ...known, asked: known.asked + 1 })
      return
    }
    // Here too, so that reading a log needs no more room than writing it did.
    this.#forget(leaf.iat)
    this.#remember({
      ...{ id: hold.id, decisionId: leaf.jti, workflowId: leaf.workflow.id },
      key: approvalKeyOf(leaf),
      ...{ actionDigest: leaf.binding.action_digest, shownDigest, demand },
      ...{ subject: leaf.sub, actors: leaf.actors, authors: leaf.policy_authors ?? [] },
      ...{ pep: leaf.aud, pepIssuer: leaf.aud_iss ?? null },
      taint: leaf.hold?.taint ?? [],
      ...{ server: leaf.capability.server, capability: leaf.capability.key },
      purpose: leaf.purpose?.code ?? null,
      ...{ requestedAt: leaf.iat, expiresAt: hold.exp, asked: 1, votes: [] },
      ...{ isCancelled: false, isExpiryLogged: false, uses: [], usedBy: null, told: [] },
    })
  }

  #remember(approval: Approval): void {
    const { id, key, subject } = approval
    this.#all.set(id, approval)
    this.#byKey.set(key, id)
    const asked = this.#bySubject.get(subject)
    if (asked === undefined) this.#bySubject.set(subject, new Set([id]))
    else asked.add(id)
  }

  #voted(leaf: EventLeaf): void {
    const { jti: id, iat: at, event } = leaf
    const vote = event as ApprovalVote
    const approval = this.#all.get(vote.approval_id)
    if (approval === undefined) return
    this.#change(leaf, approval.id, { votes: [...approval.votes, { ...vote, id, at }] })
    if (vote.verdict === 'deny') this.#refuse(approval, at)
  }

  /** In the order of refusing; those of more than a day ago are forgotten. */
  #refuse(approval: Approval, at: number): void {
    for (const [like, refusal] of this.#refusals) {
      if (refusal.at + limits.endedApprovalSeconds > at) break
      this.#refusals.delete(like)
    }
    const key = keyOfLike(approval)
    this.#refusals.delete(key)
    this.#refusals.set(key, { approval_id: approval.id, at })
  }

  /** Nothing that was judged depends on it. */
  #told({ iat: at, event }: EventLeaf): void {
    const { approval_id: id, delivery, event: told } = event as Notification
    const approval = this.#all.get(id)
    if (approval === undefined) return
    this.#all.set(id, { ...approval, told: [...approval.told, { delivery, event: told, at }] })
  }

  #end(leaf: EventLeaf, change: Partial<Approval>): void {
    this.#change(leaf, String(leaf.event['approval_id']), change)
  }

  #change({ index }: Leaf, id: string, change: Partial<Approval>): void {
    const approval = this.#all.get(id)
    if (approval === undefined) return
    this.#all.set(id, { ...approval, ...change })
    this.#changedAt = index
  }

  /** They stand in the order of asking, and live equally long. */
  #forget(now: number): void {
    for (const { id, key, subject, expiresAt } of this.#all.values()) {
      if (expiresAt + limits.endedApprovalSeconds > now) break
      this.#all.delete(id)
      const asked = this.#bySubject.get(subject)
      asked?.delete(id)
      if (asked?.size === 0) this.#bySubject.delete(subject)
      if (this.#byKey.get(key) === id) this.#byKey.delete(key)
    }
  }
}

function keyOfLike({ subject, server, capability, purpose }: Like): string {
  return JSON.stringify([subject, server, capability, purpose])
}
