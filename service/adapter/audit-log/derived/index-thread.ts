/** What goes between the log and the thread that feeds its index. */

export type IndexThreadStart = {
  /** Of the segments; of the index. */
  readonly log: string
  readonly index: string
  readonly origin: string
  readonly snapshotKey: Uint8Array
  readonly snapshotEntries: number
  /** Entries that were not read when the log was opened: they are read now, and must have this root. */
  readonly unread: Unread | null
}

/** Entries between the beginning of the log, or the base of a pruned one, and a snapshot. */
export type Unread = {
  /** The tree that they go on with. */
  readonly from: TreeState
  readonly size: number
  readonly root: string
}

export type TreeState = { readonly size: number; readonly peaks: readonly Uint8Array[] }

/**
 * `to`: entries that are durable. `end`: leave when they are indexed. `base`: what lies before it is about to go, and must not
 * be read any more.
 */
export type ToIndexThread = {
  readonly to: number
  readonly end: boolean
  readonly base: TreeState | null
}

/** Entries that the index has; or that it has let go of what lies before a base; or what made it give up, and it has ended then. */
export type FromIndexThread =
  { readonly indexed: number } | { readonly leftTo: number } | { readonly fault: string }

export const indexFile = 'log.sqlite'
