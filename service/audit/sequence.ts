/**
 * The order of one log: its size and time, the head of each workflow, the request keys that stand.
 *
 * A fold over leaves: `follow` takes a leaf that was just placed and one that was read back from disk
 * alike, so that recovery and normal running cannot come to differ. Places are given out before the
 * entry is durable; that is safe only because a log that fails to write stops for ever.
 */
import type { Digest } from '../contract/digest.ts'
import { CallerRefusal, refusedCredential } from '../contract/caller-failure.ts'
import { PdpError } from '../contract/error-code.ts'
import type { GrantIssue } from '../contract/grant-request.ts'
import type { EventLeaf, Leaf, Placed, SpentProof, WorkflowLink } from '../contract/leaf.ts'
import type { EvidenceFailure, Gap, GapCode } from '../contract/reason-code.ts'
import type { ReplayKey } from '../contract/replay-key.ts'
import { digestOfJson } from '../statement/digest.ts'
import type { Draft, Preconditions, Standing } from './draft.ts'
import { spentBy, type Grants } from '../purpose/grants.ts'
import { approvalKeyOf, type Approvals } from '../approval/approvals.ts'
import type { Passkeys } from '../approval/passkeys.ts'
import type { Erasures } from './erasures.ts'
import type { KeyLog } from './key-log.ts'
import type { LogFolds } from './log-folds.ts'
import type { Prunings } from './prunings.ts'
import type { Quoted, Sessions } from './sessions.ts'
import type { Stops } from './stops.ts'
import type { AskedInputs } from '../workflow/asked-inputs.ts'
import { Workflows } from '../workflow/workflows.ts'
import type { Kept, WorkflowMemory } from '../workflow/workflow-memory.ts'

/** The last leaf of a workflow: its number there and the digest of its payload. */
export type WorkflowHead = { readonly seq: number; readonly digest: Digest }

/** The record that a request key stands for; an event has no expiry. */
export type StandingRequest = {
  readonly id: string
  readonly index: number
  readonly queryDigest: string
  readonly exp: number | null
  /** It waits for people: it stands until they have said something. */
  readonly isHeld: boolean
}

/** What has been said of each key; an adapter decides where that is kept. */
export type Remembered<V> = Kept<V>

/** Of these there is one for each workflow, initiator and request that ever was: no fold could hold them. */
export type SequenceMemory = WorkflowMemory & {
  readonly heads: Remembered<WorkflowHead>
  readonly requests: Remembered<StandingRequest>
}

export type PlacedLeaf = {
  readonly leaf: Leaf
  /** JSON text, hashed and signed as it is. */
  readonly payload: string
}

export type LeafDisclosure = { readonly digest: Digest; readonly subject: string }

export class Sequence {
  readonly #origin: string
  readonly #memory: SequenceMemory
  readonly #folds: LogFolds
  /** What has happened in the workflows of the leaves so far. */
  readonly workflows: Workflows

  /** @param folds what the leaves so far have come to */
  constructor(origin: string, memory: SequenceMemory, folds: LogFolds) {
    this.#origin = origin
    this.#memory = memory
    this.#folds = folds
    this.workflows = new Workflows(memory)
  }

  /** Leaves that have a place, durable or not yet. */
  get size(): number {
    return this.#folds.order.size
  }

  /** Seconds: the time of the last leaf. */
  get time(): number {
    return this.#folds.order.time
  }

  /** What the leaves so far have stopped and revoked. */
  get stops(): Stops {
    return this.#folds.stops
  }

  /** Whose disclosures they have erased. */
  get erasures(): Erasures {
    return this.#folds.erasures
  }

  /** What they say was pruned. */
  get prunings(): Prunings {
    return this.#folds.prunings
  }

  /** The proof sessions that they have opened and not ended. */
  get sessions(): Sessions {
    return this.#folds.sessions
  }

  /** Which purpose grants they have issued. */
  get grants(): Grants {
    return this.#folds.grants
  }

  /** What people were asked, and what they said. */
  get approvals(): Approvals {
    return this.#folds.approvals
  }

  /** What servers were permitted to ask back, and what was answered. */
  get inputs(): AskedInputs {
    return this.#folds.inputs
  }

  /** The keys that they started, ended and revoked. */
  get keys(): KeyLog {
    return this.#folds.keys
  }

  /** Keys by which they sign what they say. */
  get passkeys(): Passkeys {
    return this.#folds.passkeys
  }

  /**
   * The id of the record that answers this request already; null when there is none.
   *
   * @throws PdpError `request_id_reused` when the key stands for another query.
   */
  standing(preconditions: Preconditions | null, draft: Draft): string | null {
    const key = preconditions?.requestKey ?? null
    if (preconditions === null || key === null) return null
    if (
      draft.claims.request_key !== key ||
      draft.claims.query_digest !== preconditions.queryDigest
    ) {
      // Else the key would be forgotten by a restart, which reads it from the leaf.
      throw new PdpError(
        'internal',
        'The draft does not carry the request key that it is checked by.',
      )
    }
    const request = this.#memory.requests.get(key)
    if (request === undefined) return null
    if (request.queryDigest !== preconditions.queryDigest) {
      throw new PdpError('request_id_reused', 'This request_id was used for another query.')
    }
    return this.#isOver(request, draft.now) ? null : request.id
  }

  /**
   * The draft, if none of its proofs was shown before and nothing was stopped since its facts were gathered; else the
   * denial that takes its place. Of two at once the first to be placed wins.
   *
   * @throws PdpError `unauthenticated`, `overloaded` for a proof of the asker itself that cannot be taken; `stopped`,
   *   `too_many_sessions` for a session that cannot be opened.
   */
  admitted(draft: Draft, preconditions: Preconditions | null): Draft {
    const { standing, caller = [], opens } = preconditions ?? {}
    const now = Math.max(draft.now, this.time)
    this.#admitCaller(caller, now)
    if (opens !== undefined) this.#admitSession(opens, now)
    if (draft.claims.kind === 'grant_issued') this.#admitGrant(draft.claims, now)
    if (standing === undefined) return draft
    const gaps = this.#gapsOf(draft, standing, now)
    return gaps.length === 0 ? draft : standing.denial(gaps)
  }

  /** What the facts of the draft stood on, and does no longer. */
  #gapsOf(draft: Draft, standing: Standing, now: number): readonly Gap[] {
    const { unspent, stopEpoch, session } = standing
    if (stopEpoch !== this.stops.epoch) return [{ code: 'stop.meanwhile', params: {} }]
    const over = session === null ? null : this.#faultOf(session, now)
    if (over !== null) return [{ code: `server.${over}`, params: {} }]
    const grant = this.#grantGap(draft)
    if (grant !== null) return [{ code: grant, params: {} }]
    const approval = this.#approvalGap(draft, standing, now)
    if (approval !== null) return [{ code: approval, params: {} }]
    const { workflow, answers } = standing
    if (answers !== null && !this.inputs.stands(answers, now))
      return [{ code: 'workflow.answered', params: {} }]
    if (workflow !== null && this.workflows.isWorse(workflow, now))
      return [{ code: 'workflow.meanwhile', params: {} }]
    const { spent: shown } = this.#folds
    const spent = unspent.filter((proof) => shown.isSpent(proof, now))
    if (spent.length > 0) return gapsOf(spent, 'replay')
    return shown.hasRoom(unspent.length, now) ? [] : gapsOf(unspent, 'replay_store_full')
  }

  /** Of two that use what is left of a grant at once the first to be placed has it. */
  #grantGap({ claims }: Draft): Extract<GapCode, `grant.${string}` | `purpose.${string}`> | null {
    if (claims.kind !== 'decision' || claims.purpose === null) return null
    const { grants } = this
    const { grant_id: id } = claims.purpose
    if (grants.find(id) === null) return null
    const end = grants.endOf(id)
    if (end !== null) return end === 'forgotten' ? 'grant.status_unavailable' : 'grant.revoked'
    const spends = spentBy(claims)
    return spends !== null && grants.leftOf(id)[spends] === 0 ? 'purpose.spent_meanwhile' : null
  }

  /** Of two that use one approval, or ask for the same, at once the first to be placed has it. */
  #approvalGap(
    { claims }: Draft,
    { approval, toldOf }: Standing,
    now: number,
  ): Extract<GapCode, `approval.${string}`> | null {
    const { approvals } = this
    if (approval !== null && !approvals.isOpen(approval, now)) return 'approval.used'
    if (claims.kind !== 'decision' || claims.hold?.shown_digest === undefined) return null
    if (approvals.find(claims.hold.id) !== null) return null
    if (approvals.isAskedMeanwhile(approvalKeyOf(claims), toldOf, now)) return 'approval.meanwhile'
    if (!approvals.mayAsk(claims.sub, now)) return 'approval.too_many'
    return approvals.hasRoom(now) ? null : 'approval.store_full'
  }

  /** The leaf that the draft becomes here and now; the order does not move until it is followed. */
  place(draft: Draft, disclosure: LeafDisclosure | null): PlacedLeaf {
    const { workflowId } = draft
    const leaf = {
      ...(disclosure === null ? draft.claims : withDisclosure(draft.claims, disclosure)),
      v: 1,
      iss: this.#origin,
      iat: Math.max(draft.now, this.time),
      index: this.size,
      ...(workflowId === null ? {} : { workflow: this.#link(workflowId) }),
    } as Leaf
    return { leaf, payload: JSON.stringify(leaf) }
  }

  /** Takes in the next leaf. */
  follow(leaf: Leaf, payload: string): void {
    for (const fold of Object.values(this.#folds)) fold.follow(leaf)
    this.workflows.follow(leaf)
    const { index } = leaf
    if (leaf.workflow !== undefined) {
      const { id, seq } = leaf.workflow
      this.#memory.heads.set(id, { seq, digest: digestOfJson('leaf-payload', payload) }, index)
    }
    if (leaf.request_key !== undefined && leaf.query_digest !== undefined) {
      const exp = leaf.kind === 'decision' ? leaf.exp : null
      const { jti: id, query_digest: queryDigest } = leaf
      const isHeld = leaf.kind === 'decision' && leaf.hold !== undefined
      this.#memory.requests.set(leaf.request_key, { id, index, queryDigest, exp, isHeld }, index)
    }
  }

  /** Past its expiry, or after a stop, the same query is decided anew, and the new record takes the key. */
  #isOver({ index, exp, isHeld }: StandingRequest, now: number): boolean {
    if (exp === null) return false
    const { order, approvals } = this.#folds
    return exp <= now || index < order.changedAt || (isHeld && index < approvals.changedAt)
  }

  #faultOf(session: Quoted, now: number): EvidenceFailure | null {
    const found = this.sessions.find(session, now)
    return found.ok ? null : found.failure
  }

  #admitSession({ server, pep }: NonNullable<Preconditions['opens']>, now: number): void {
    const nobody = { capabilities: [], agents: [], subjects: () => [] }
    if (this.stops.meeting({ pep, server, ...nobody }).length > 0)
      throw new PdpError('stopped', 'The tenant, the server or the gateway is stopped.')
    if (!this.sessions.hasRoom(server, now))
      throw new PdpError('too_many_sessions', 'Wait until a session of this server has ended.')
  }

  #admitGrant({ event }: Omit<EventLeaf, Placed>, now: number): void {
    const { parent } = event as GrantIssue
    const over = parent === null ? null : this.grants.endOf(parent.grant_id)
    if (over !== null && this.grants.find(parent?.grant_id ?? '') !== null)
      throw new PdpError('grant_over', 'The grant that it was to be narrowed from is over.')
    if (!this.grants.hasRoom(now))
      throw new PdpError('too_many_grants', 'Wait until a purpose grant has expired.')
  }

  #admitCaller(proofs: readonly SpentProof[], now: number): void {
    if (proofs.some((proof) => this.#folds.spent.isSpent(proof, now)))
      throw new PdpError('unauthenticated', refusedCredential, {
        cause: new CallerRefusal('replay'),
      })
    if (!this.#folds.spent.hasRoom(proofs.length, now))
      throw new PdpError('overloaded', 'More proofs are remembered than there is room for.')
  }

  #link(id: string): WorkflowLink {
    const head = this.#memory.heads.get(id)
    return head === undefined
      ? { id, seq: 0, prev: null }
      : { id, seq: head.seq + 1, prev: head.digest }
  }
}

function gapsOf(proofs: readonly ReplayKey[], failure: EvidenceFailure): readonly Gap[] {
  const slots = [...new Set(proofs.map(({ slot }) => slot))]
  return slots.map((slot) => ({ code: `${slot}.${failure}`, params: {} }))
}

/** A decision has a member for it; an event carries it among what happened. */
function withDisclosure(claims: Draft['claims'], disclosure: LeafDisclosure): object {
  return claims.kind === 'decision'
    ? { ...claims, disclosure }
    : { ...claims, event: { ...claims.event, disclosure } }
}
