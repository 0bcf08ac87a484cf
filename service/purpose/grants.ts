/**
 * Grants as the leaves have them: which were issued, which revoked, and how often each was used. A fold.
 *
 * What was narrowed from a grant is void with it, and counts against it too. Bounded: a grant is forgotten once it has
 * expired, and then it permits nothing.
 */
import type { GrantIssue, GrantRevocation } from '../contract/grant-request.ts'
import type { GrantBudgets, GrantLeft } from '../contract/grant-terms.ts'
import type { DecisionLeaf, EventLeaf, Leaf } from '../contract/leaf.ts'
import { answeredEffect } from '../contract/observation.ts'
import { grantIssuerOf } from './grant-issuer.ts'

type Used = { readonly calls: number; readonly model_calls: number }

export type LoggedGrant = GrantIssue & {
  /** The grant of this log that it was narrowed from; null without, or when another issuer's. */
  readonly ownParent: string | null
  /** Seconds since the epoch. */
  readonly issuedAt: number
  readonly used: Used
  readonly revoked: GrantRevocation | null
}

export type SavedGrants = { readonly all: readonly LoggedGrant[]; readonly changedAt: number }

/** A grant is narrowed from another, that from another, and so on: so many at most, the first among them. */
export const longestChain = 8

export class Grants {
  /** In the order of their leaves. */
  readonly #all: Map<string, LoggedGrant>
  readonly #byDecision: Map<string, string>
  readonly #most: number
  #changedAt: number

  /** @param most grants that are remembered at once */
  constructor(most: number, saved: SavedGrants | null = null) {
    this.#most = most
    this.#all = new Map(saved?.all.map((grant) => [grant.grant_id, grant]))
    this.#byDecision = new Map(saved?.all.map((grant) => [grant.decision_id, grant.grant_id]))
    this.#changedAt = saved?.changedAt ?? -1
  }

  /** The place of the last revocation: what was answered before it is judged anew. */
  get changedAt(): number {
    return this.#changedAt
  }

  find(id: string): LoggedGrant | null {
    return this.#all.get(id) ?? null
  }

  /** What that decision led to. */
  ofDecision(id: string): LoggedGrant | null {
    return this.find(this.#byDecision.get(id) ?? '')
  }

  /** The last issued first. */
  list(): readonly LoggedGrant[] {
    return [...this.#all.values()].reverse()
  }

  /** One more may be issued. @param now seconds since the epoch */
  hasRoom(now: number): boolean {
    this.#forget(now)
    return this.#all.size < this.#most
  }

  /** It and what it was narrowed from, itself first. */
  chainOf(id: string): readonly LoggedGrant[] {
    const chain: LoggedGrant[] = []
    for (
      let next = this.find(id);
      next !== null && chain.length < longestChain;
      next = next.ownParent === null ? null : this.find(next.ownParent)
    )
      chain.push(next)
    return chain
  }

  /** What ended it; null while it stands. A chain that cannot be followed to its end is over. */
  endOf(id: string): GrantRevocation | 'forgotten' | null {
    const chain = this.chainOf(id)
    const revoked = chain.find((grant) => grant.revoked !== null)?.revoked ?? null
    if (revoked !== null) return revoked
    return chain.at(-1)?.ownParent === null ? null : 'forgotten'
  }

  /** The least that any grant of the chain has left. */
  leftOf(id: string): GrantLeft {
    const chain = this.chainOf(id)
    const least = (name: keyof Used): number | null => {
      const left = chain.flatMap(({ budgets, used }) => {
        const most = budgets[name]
        return most === undefined ? [] : [Math.max(0, most - used[name])]
      })
      return left.length === 0 ? null : Math.min(...left)
    }
    return { calls: least('calls'), model_calls: least('model_calls') }
  }

  follow(leaf: Leaf): void {
    if (leaf.kind === 'decision') this.#decided(leaf)
    else if (leaf.kind === 'grant_issued') this.#issued(leaf)
    else if (leaf.kind === 'grant_revoked') this.#revoke(leaf)
  }

  save(): SavedGrants {
    return { all: [...this.#all.values()], changedAt: this.#changedAt }
  }

  #issued({ iss, iat, event }: EventLeaf): void {
    this.#forget(iat)
    const issue = event as GrantIssue
    const { parent } = issue
    this.#all.set(issue.grant_id, {
      ...issue,
      ownParent: parent?.iss === grantIssuerOf(iss) ? parent.grant_id : null,
      ...{ issuedAt: iat, used: { calls: 0, model_calls: 0 }, revoked: null },
    })
    this.#byDecision.set(issue.decision_id, issue.grant_id)
  }

  #revoke({ index, event }: EventLeaf): void {
    const revoked = event as GrantRevocation
    this.#change(revoked.grant_id, { revoked })
    this.#changedAt = index
  }

  #decided(leaf: DecisionLeaf): void {
    const spends = spentBy(leaf)
    if (leaf.purpose === null || spends === null) return
    for (const { grant_id: id, used } of this.chainOf(leaf.purpose.grant_id))
      this.#change(id, { used: { ...used, [spends]: used[spends] + 1 } })
  }

  #change(id: string, change: Partial<LoggedGrant>): void {
    const grant = this.#all.get(id)
    if (grant !== undefined) this.#all.set(id, { ...grant, ...change })
  }

  /** They stand in the order of issuing, and may end in another. */
  #forget(now: number): void {
    if (this.#all.size < this.#most) return
    for (const { grant_id: id, decision_id: decision, expires_at: end } of this.#all.values()) {
      if (end > now) continue
      this.#all.delete(id)
      this.#byDecision.delete(decision)
    }
  }
}

/** The budget that a decision uses; null: none. */
export function spentBy(
  leaf: Pick<DecisionLeaf, 'phase' | 'capability' | 'effect' | 'observed'>,
): keyof GrantBudgets | null {
  if (answeredEffect(leaf) !== 'permit' || leaf.capability.kind === 'grant') return null
  if (leaf.phase === 'request') return 'calls'
  const isLoan = leaf.phase === 'input_request' && leaf.capability.kind === 'sampling'
  return isLoan ? 'model_calls' : null
}
