/** The tamper-evident log of one tenant: append-only, one writer, totally ordered. */
import type { Draft, Preconditions } from '../audit/draft.ts'
import type { AskedInputs } from '../workflow/asked-inputs.ts'
import type { Approvals } from '../approval/approvals.ts'
import type { KeyLog } from '../audit/key-log.ts'
import type { Passkeys } from '../approval/passkeys.ts'
import type { Grants } from '../purpose/grants.ts'
import type { Sessions } from '../audit/sessions.ts'
import type { Stops } from '../audit/stops.ts'
import type { Workflows } from '../workflow/workflows.ts'
import type { DecisionFilter } from '../audit/terms.ts'
import type { Leaf } from '../contract/leaf.ts'

export type { DecisionFilter, Draft, Preconditions }

/** One entry that is durable. */
export type Recorded = {
  readonly token: string
  readonly leaf: Leaf
  readonly leafHash: string
  /** The disclosed value, without the classes of it that have ended; null when there is none, or all of it is gone. */
  readonly disclosed: unknown
  /** The classes of it that were erased or have ended by time; none while it is whole. */
  readonly ended: readonly string[]
}

/** Decisions in the order of the log. */
export type Selected = {
  readonly decisions: readonly Recorded[]
  /** The place to go on from; null when all entries up to the end were looked at. */
  readonly next: number | null
}

/**
 * Once `append` has resolved, the entry survives a crash, and what an entry of kind `erasure` erases is gone. Once it has rejected with
 * `audit_unavailable` the entry may or may not be present, and the caller must send nothing.
 */
export interface AuditLog {
  readonly origin: string
  /**
   * Checks, numbers, signs and appends one draft, and waits until it is durable. Concurrent calls
   * share a flush. A draft whose `requestKey` was seen with the same query digest, and whose record
   * still stands (a decision until its `exp` or the next stop, lift or revocation, an event for ever), resolves
   * with that record and appends nothing; after that the same query is decided anew. A key is never given to
   * another query.
   * A draft one of whose proofs was shown before, whose proof session is over, or whose facts are older than a stop, is not appended: its
   * denial is, in its place. With a proof of the asker that was shown before nothing is appended.
   *
   * @throws PdpError `request_id_reused` (same key, other digest), `unauthenticated`, `overloaded`
   *   (`caller`), `stopped`, `too_many_sessions` (`opens`), `audit_unavailable`.
   */
  append(draft: Draft, preconditions: Preconditions | null): Promise<Recorded>
  /** One entry by its `jti`; null when there is none, or it was pruned. */
  find(id: string): Promise<Recorded | null>
  /**
   * Entries in the order of the log, from that index on and at most so many; none where the log ends. What is
   * returned never changes, but for disclosures that are erased.
   *
   * @throws PdpError `log_corrupt`; `not_found` for an index below the first.
   */
  entries(from: number, most: number): Promise<readonly Recorded[]>
  /**
   * Decisions that meet a filter (of one field at least), of the durable entries from that index on up to another, which is not
   * among them: a bounded number, maybe none, at a cost that does not grow with the log.
   *
   * @throws PdpError `log_corrupt`.
   */
  select(filter: DecisionFilter, from: number, to: number): Promise<Selected>
  /**
   * Leaves as they are stored, from that index on up to another, which is not among them; all must be durable.
   * Not to be called before the call before it has resolved.
   *
   * @throws PdpError `log_corrupt`.
   */
  leaves(from: number, to: number): Promise<readonly Uint8Array[]>
  /** Size and RFC 6962 tree hash over the entries that are durable, of the same moment. */
  head(): { readonly size: number; readonly root: Uint8Array }
  /** What its leaves have stopped and revoked, those on their way to the disk included. */
  readonly stops: Stops
  /** The proof sessions that they opened. */
  readonly sessions: Sessions
  /** The purpose grants that they issued. */
  readonly grants: Grants
  /** What people were asked by them, and said. */
  readonly approvals: Approvals
  /** What servers were permitted to ask back, and what was answered. */
  readonly inputs: AskedInputs
  /** What has happened in their workflows. */
  readonly workflows: Workflows
  /** Keys by which people sign what they say. */
  readonly passkeys: Passkeys
  /** Whether anything is held that was disclosed about that subject. */
  holdsAbout(subject: string): boolean
  /** The classes of which anything is held that was disclosed. */
  classesHeld(): readonly string[]
  /** Whether anything of that class is held whose keys' period was over by that time (seconds): what an `erasure` by time ends. */
  holdsBefore(name: string, time: number): boolean
  /**
   * Overwrites what may be left on disk of data keys that are destroyed.
   *
   * @throws PdpError `audit_unavailable` while another program keeps the file of keys from being written.
   */
  scrub(): Promise<void>
  /** The decision keys that they started, ended and revoked. */
  readonly keys: KeyLog
  /** The index of the first entry that was not pruned: 0 where nothing ever was. */
  first(): number
  /** Entries that are durable. */
  size(): number
  /** How many of them the index has, by which `select` finds decisions: it waits for the others. */
  indexed(): number
  /** Seconds: the time of the last leaf; a clock that reads less has gone back. */
  time(): number
  /** Why the log takes no more entries; null while it does. */
  failure(): string | null
  /** Waits for what is under way, then syncs and gives the lock back. */
  close(): Promise<void>
}
