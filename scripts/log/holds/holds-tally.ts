// What people were asked, how long it waited, and what became of it: a fold over the leaves.

import type { ApprovalVote } from '../../../service/contract/approval.ts'
import type { DecisionLeaf, EventLeaf, Leaf } from '../../../service/contract/leaf.ts'
import { Approver, type ApproverReport } from './approver.ts'
import { mostInAnHour, waitsOf, type Waits } from './waits.ts'

const mostNames = 1000

export type End = 'used' | 'denied' | 'cancelled' | 'expired'

interface Asked {
  readonly group: string
  readonly at: number
  answeredAt: number | null
  end: End | null
}

export interface GroupReport {
  readonly group: string
  /** Requests, and how many identical questions joined them. */
  readonly asked: number
  readonly joined: number
  readonly most_asked_in_an_hour: number
  readonly ended: Readonly<Partial<Record<End, number>>>
  /** Not ended, or approved and not used. */
  readonly open: number
  /** Seconds from the request to the first answer of anybody. */
  readonly waits: Waits | null
}

export interface HoldsReport {
  readonly decisions: number
  /** Decisions that policy held, for whatever. */
  readonly held: number
  readonly held_per_1000: number
  readonly groups: readonly GroupReport[]
  /** By pseudonym, who answered most first; the first ones. */
  readonly approvers: readonly ApproverReport[]
}

export class HoldsTally {
  readonly #asked = new Map<string, Asked>()
  readonly #joined = new Map<string, number>()
  readonly #approvers = new Map<string, Approver>()
  #decisions = 0
  #held = 0

  take(leaf: Leaf): void {
    if (leaf.kind === 'decision') this.#decided(leaf)
    else if (leaf.kind === 'approval_vote') this.#voted(leaf)
    else if (leaf.kind === 'approval_cancelled') this.#end(idOf(leaf), 'cancelled')
    else if (leaf.kind === 'approval_expired') this.#end(idOf(leaf), 'expired')
  }

  report(): HoldsReport {
    const byGroup = Map.groupBy(this.#asked.values(), ({ group }) => group)
    return {
      ...{ decisions: this.#decisions, held: this.#held },
      held_per_1000:
        this.#decisions === 0 ? 0 : Math.round((this.#held / this.#decisions) * 10_000) / 10,
      groups: [...byGroup].map(([group, asked]) => this.#reportOf(group, asked)),
      approvers: [...this.#approvers.values()]
        .map((approver) => approver.report())
        .sort((a, b) => b.votes - a.votes),
    }
  }

  #reportOf(group: string, asked: readonly Asked[]): GroupReport {
    const ends = asked.flatMap(({ end }) => end ?? [])
    return {
      ...{ group, asked: asked.length, joined: this.#joined.get(group) ?? 0 },
      most_asked_in_an_hour: mostInAnHour(asked.map(({ at }) => at)),
      ended: Object.fromEntries(
        [...Map.groupBy(ends, (end) => end)].map(([end, all]) => [end, all.length]),
      ),
      open: asked.length - ends.length,
      waits: waitsOf(
        asked.flatMap(({ at, answeredAt }) => (answeredAt === null ? [] : [answeredAt - at])),
      ),
    }
  }

  #decided({ effect, hold, approval, iat: at }: DecisionLeaf): void {
    this.#decisions += 1
    if (effect === 'hold') this.#held += 1
    if (approval !== undefined) this.#end(approval.id, 'used')
    if (hold?.shown_digest === undefined || hold.group === undefined) return
    const { id, group } = hold
    if (this.#asked.has(id)) this.#joined.set(group, (this.#joined.get(group) ?? 0) + 1)
    else this.#asked.set(id, { group, at, answeredAt: null, end: null })
  }

  /** A comment answers nothing, and a workload is nobody who tires. */
  #voted({ event, iat }: EventLeaf): void {
    const { approval_id: id, verdict, person, workload } = event as ApprovalVote
    const asked = this.#asked.get(id)
    if (asked === undefined || verdict === 'comment') return
    asked.answeredAt ??= iat
    if (verdict === 'deny') asked.end ??= 'denied'
    if (workload !== undefined) return
    const known = this.#approvers.get(person)
    if (known === undefined && this.#approvers.size >= mostNames) return
    const approver = known ?? new Approver(person)
    this.#approvers.set(person, approver)
    approver.vote(verdict, asked.at, iat)
  }

  #end(id: string, end: End): void {
    const asked = this.#asked.get(id)
    if (asked !== undefined) asked.end ??= end
  }
}

function idOf({ event }: EventLeaf): string {
  return String(event['approval_id'])
}
