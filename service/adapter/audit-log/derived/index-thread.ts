/** What goes between the log and the thread that feeds its index. */

export type IndexThreadStart = {
  /** Of the segments; of the index. */
  readonly log: string
  readonly index: string
  readonly origin: string
  readonly snapshotKey: Uint8Array
  readonly snapshotEntries: number
  /** Entries that were not read when the log was opened: they are read now, and must have this root. */
  readonly unread: { readonly size: number; readonly root: string } | null
}

/** `to`: entries that are durable. `end`: leave when they are indexed. */
export type ToIndexThread = { readonly to: number; readonly end: boolean }

/** Entries that the index has; or what made it give up, and it has ended then. */
export type FromIndexThread = { readonly indexed: number } | { readonly fault: string }

export const indexFile = 'log.sqlite'
