// What people consented to, from the leaves alone: a vote is of a request before it and repeats what was shown; a permit by
// an approval rests on votes that are enough, before it, of other persons than who asked, and uses it up. A fold.

import type { ApprovalVote } from '../../../service/contract/approval.ts'
import {
  assurances,
  demandOf,
  type ApprovalDemand,
} from '../../../service/contract/approval-demand.ts'
import type { DecisionLeaf, EventLeaf, Leaf } from '../../../service/contract/leaf.ts'
import { answeredEffect } from '../../../service/contract/observation.ts'
import { LogFault } from '../log-fault.ts'
import { SpilledMap } from '../read/spilled-map.ts'

/** A held decision that asked people, and what they said. */
interface Request {
  readonly key: string
  readonly shown: string
  readonly demand: ApprovalDemand
  /** Seconds since the epoch. */
  readonly exp: number
  readonly involved: readonly string[]
  /** By the id of their leaf. */
  readonly votes: Record<string, ApprovalVote>
  readonly uses: number
  readonly end: string | null
}

export class Consents {
  readonly #first: number
  readonly #requests = new SpilledMap<Request>()

  /** @param first the first entry that is read: of a request before it nothing is known */
  constructor(first = 0) {
    this.#first = first
  }

  /** Takes the next leaf. @throws LogFault */
  check(leaf: Leaf): void {
    if (leaf.kind === 'decision') {
      this.#ask(leaf)
      if (leaf.approval !== undefined) this.#use(leaf, leaf.approval)
    } else if (leaf.kind === 'approval_vote') this.#vote(leaf)
    else if (leaf.kind === 'approval_cancelled' || leaf.kind === 'approval_expired') this.#end(leaf)
  }

  #end(leaf: EventLeaf): void {
    const [id, request] = this.#requestOf(leaf)
    if (request?.end === null)
      this.#requests.set(id, { ...request, end: leaf.kind.replace('approval_', '') })
  }

  #ask({ index, hold, sub, actors, policy_authors: authors = [], ...leaf }: DecisionLeaf): void {
    const demand = hold === undefined ? null : demandOf(hold)
    if (hold?.shown_digest === undefined || demand === null) return
    const known = this.#requests.get(hold.id)
    const key = keyOf(leaf, demand)
    if (known !== undefined) {
      if (known.key !== key) fault(index, `a request for ${known.key}, as ${hold.id} was`, key)
      return
    }
    this.#requests.set(hold.id, {
      ...{ key, shown: hold.shown_digest, demand },
      ...{ exp: hold.exp, involved: [...(sub === null ? [] : [sub]), ...actors, ...authors] },
      ...{ votes: {}, uses: 0, end: null },
    })
  }

  #vote(leaf: EventLeaf): void {
    const [id, request] = this.#requestOf(leaf)
    if (request === null) return
    const vote = leaf.event as ApprovalVote
    const { index, jti, iat } = leaf
    // It may have been on its way when the request ended; then it counts for nothing.
    if (request.end !== null || iat >= request.exp) return
    if (vote.shown_digest !== request.shown)
      fault(index, `a vote on ${request.shown}, which was shown`, vote.shown_digest)
    // A comment answers nothing, and so whoever is involved may make it.
    if (vote.verdict === 'comment') return
    if (Object.values(request.votes).some(({ person }) => person === vote.person))
      fault(index, 'one vote of a person', `another of ${vote.person}`)
    if (request.involved.includes(vote.voter) || request.involved.includes(vote.person))
      fault(index, 'a vote of somebody who did not ask for it', vote.voter)
    const votes = { ...request.votes, [jti]: vote }
    this.#requests.set(id, { ...request, votes, end: vote.verdict === 'deny' ? 'denied' : null })
  }

  #use(leaf: DecisionLeaf, { id, votes }: NonNullable<DecisionLeaf['approval']>): void {
    const { index, iat } = leaf
    const effect = answeredEffect(leaf)
    const request = this.#requests.get(id)
    if (request === undefined && this.#first > 0) return
    if (request === undefined) return fault(index, 'the use of an approval before it', id)
    if (effect !== 'permit') fault(index, 'what goes ahead, which alone uses an approval', effect)
    if (request.end !== null) fault(index, `the use of an approval that is open`, request.end)
    if (iat >= request.exp) fault(index, `a use before ${String(request.exp)}`, String(iat))
    const key = keyOf(leaf, request.demand)
    if (key !== request.key) fault(index, `the action ${request.key}, as approved`, key)
    checkVotes(index, votes, request)
    const uses = request.uses + 1
    const end = uses >= (request.demand.uses ?? 1) ? 'used' : null
    this.#requests.set(id, { ...request, uses, end })
  }

  /** Null when it may have been asked for before the first entry. */
  #requestOf({ index, event }: EventLeaf): readonly [id: string, request: Request | null] {
    const id = String(event['approval_id'])
    const request = this.#requests.get(id)
    if (request !== undefined || this.#first > 0) return [id, request ?? null]
    return fault(index, 'an approval that an earlier leaf asks for', id)
  }
}

/** They are enough of persons, as surely as was demanded, and those of every workload that was. */
function checkVotes(index: number, ids: readonly string[], { votes, demand }: Request): void {
  const found = ids.flatMap((id) => (Object.hasOwn(votes, id) ? (votes[id] ?? []) : []))
  if (found.length < ids.length) fault(index, 'votes for it in earlier leaves', ids.join(', '))
  const ofPersons = found.filter(({ workload }) => workload === undefined)
  const persons = new Set(ofPersons.map(({ person }) => person))
  if (persons.size < demand.quorum)
    fault(index, `votes of ${String(demand.quorum)} persons`, String(persons.size))
  const least = assurances.indexOf(demand.assurance ?? assurances[0])
  const unsure = ofPersons.find(({ assurance }) => assurances.indexOf(assurance) < least)
  if (unsure !== undefined)
    fault(index, `consent by ${demand.assurance ?? ''} at least`, unsure.assurance)
  const lacking = (demand.workloads ?? []).find(
    (name) => !found.some(({ workload }) => workload === name),
  )
  if (lacking !== undefined) fault(index, `a vote of the workload ${lacking}`, 'none')
}

/** What an approval is for: the action, with some arguments left open where that was asked for, or one round of it. */
function keyOf(
  { phase, binding }: Pick<DecisionLeaf, 'phase' | 'binding'>,
  { template }: ApprovalDemand,
): string {
  if (template !== undefined) return binding.template_digest ?? 'no template'
  return phase === 'request' ? binding.action_digest : binding.round_digest
}

function fault(index: number, expected: string, found: string): never {
  throw new LogFault({ check: 'consent', index, expected, found })
}
