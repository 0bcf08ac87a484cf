/** What a caller asks the log to append, and what must hold at that moment. */
import type { Gap } from '../contract/reason-code.ts'
import type { ReplayKey } from '../contract/replay-key.ts'
import type { AnswerStanding } from '../workflow/asked-inputs.ts'
import type { WorkflowStanding } from '../workflow/worsened.ts'
import type { Keeping } from './keeping.ts'
import type { Quoted } from './sessions.ts'
import type { DecisionLeaf, EventLeaf, Placed, SpentProof } from '../contract/leaf.ts'

/** A leaf before it has its place: the log adds `v`, `iss`, `iat`, `index` and the workflow link. */
export type Draft = {
  readonly typ: 'decision+jwt' | 'event+jwt'
  /** `disclosure.digest` of a decision is filled in by the log; of an event, `event.disclosure`. */
  readonly claims: Omit<DecisionLeaf, Placed | 'disclosure'> | Omit<EventLeaf, Placed>
  /** Seconds; the leaf's `iat` is never below the one before it. */
  readonly now: number
  readonly workflowId: string | null
  /** Personal and bulky facts, encrypted beside the leaf under the data keys of `subject`. */
  readonly disclosure: {
    readonly subject: string
    readonly value: unknown
    /** Which of it is of which class, and how long that is kept; absent: as where the tenant says nothing. */
    readonly keeping?: Keeping
  } | null
}

/** What must hold at the moment of appending; checked in one place and one order. */
export type Preconditions = {
  /** Digest of (tenant, PEP, request_id), if the caller gave a request_id; the leaf carries it too. */
  readonly requestKey: string | null
  readonly queryDigest: string
  /**
   * Proofs by which the asker was authenticated, which the draft uses up: had one been shown before, nobody has
   * asked, and nothing is appended.
   */
  readonly caller?: readonly SpentProof[]
  /** The draft opens a proof session of that server for that gateway, of which there must not be too many. */
  readonly opens?: { readonly server: string; readonly pep: string }
  readonly standing?: Standing
}

/** What the draft's facts stand on, and what is recorded in its place when that stands no longer. */
export type Standing = {
  /** Proofs that must not have been shown before. */
  readonly unspent: readonly ReplayKey[]
  /** The epoch of stops that the facts were gathered in. */
  readonly stopEpoch: number
  /** The proof session that proved the server; null without one. */
  readonly session: Quoted | null
  /** The approval that it uses up; null without one. */
  readonly approval: string | null
  /** The approval of the same action or round that policy was told of; null without one. */
  readonly toldOf: string | null
  /** What a permit stands on of its workflow; null for what is no permit. */
  readonly workflow: WorkflowStanding | null
  /** The question that a permitted answer is of; null for what is no such answer. */
  readonly answers: AnswerStanding | null
  /** May throw, for what is to be judged again: then nothing is appended. */
  readonly denial: (gaps: readonly Gap[]) => Draft
}
