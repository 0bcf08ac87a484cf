// What a timeline is made of: the JSON of `countersign log reconstruct`.

import type { Reason } from '../../../service/contract/decision.ts'
import type { DecisionLeaf, EventLeaf } from '../../../service/contract/leaf.ts'
import type { VerifiedInitiator, VerifiedServer } from '../../../service/contract/policy-input.ts'

export interface DecisionStep {
  readonly kind: 'decision'
  readonly index: number
  /** RFC 3339, UTC. */
  readonly at: string
  readonly decision_id: string
  readonly workflow: { readonly id: string; readonly seq: number }
  readonly who: {
    /** Pseudonyms; null when nobody was proved. */
    readonly initiator: string | null
    readonly actors: readonly string[]
    readonly gateway: string
    /** As disclosed; null without a disclosure. */
    readonly disclosed: VerifiedInitiator | null
  }
  readonly workload: {
    /** Tokens that were relied on, by their SHA-256. */
    readonly evidence: readonly string[]
    readonly disclosed: VerifiedServer | null
  }
  readonly what: DecisionLeaf['capability'] & {
    readonly phase: string
    readonly project: string
    readonly environment: string
    readonly action_digest: string
    /** Name or URI and arguments, as disclosed. */
    readonly disclosed: { readonly name: string | null; readonly arguments: unknown } | null
  }
  readonly why: DecisionLeaf['purpose']
  readonly said: {
    readonly effect: string
    /** What the gateway was told to do. */
    readonly answered: string
    readonly observed: NonNullable<DecisionLeaf['observed']> | null
    readonly source: string
    /** With parameters where they were disclosed. */
    readonly reasons: readonly (Omit<Reason, 'params'> & Partial<Reason>)[]
    readonly rules: readonly string[]
    readonly policy: DecisionLeaf['authority']['policy']
    readonly obligations: DecisionLeaf['obligations']
  }
  readonly hold: HoldStep | null
  /** Who consented to it; empty where nobody had to. */
  readonly consents: readonly Consent[]
  readonly outcome: OutcomeStep | null
}

export interface HoldStep {
  readonly id: string
  readonly kind: string
  readonly group: string | null
  readonly quorum: number | null
  /** Digest of what people were shown; null where nobody was asked to vote. */
  readonly shown_digest: string | null
  readonly expires_at: string
  /** The leaf that ended it: a decision on the same action or by its approval, a refusal, or its end. */
  readonly answered_by: number | null
  /** Deliveries that took the notice that it is asked for. */
  readonly told_by: readonly string[]
}

/** One vote, by its leaf: who, having seen what. */
export interface Consent {
  readonly index: number
  readonly at: string
  /** Pseudonyms of the account and of the person it belongs to. */
  readonly voter: string
  readonly person: string
  readonly assurance: string
  readonly shown_digest: string
}

export interface OutcomeStep {
  readonly index: number
  readonly at: string
  readonly status: string
  readonly event: EventLeaf['event']
}

export interface EventStep {
  readonly kind: EventLeaf['kind']
  readonly index: number
  readonly at: string
  readonly id: string
  readonly event: EventLeaf['event']
}

export type Step = DecisionStep | EventStep

/** What should be there and is not. */
export interface Missing {
  readonly kind:
    | 'entries'
    | 'unreadable_leaf'
    | 'workflow_gap'
    | 'decision'
    | 'outcome'
    | 'open_hold'
    | 'unanswered_hold'
    | 'disclosure'
  readonly index: number
  readonly text: string
}

export interface Timeline {
  readonly steps: readonly Step[]
  readonly missing: readonly Missing[]
}
