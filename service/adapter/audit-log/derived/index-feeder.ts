/** What brings a log into its index. */
import type { TreeState } from './index-thread.ts'

export interface IndexFeeder {
  /** Indexes up to that many entries, which are durable; returns at once. */
  follow(to: number): void
  /** Resolves when it reads nothing before that base any more. Not to be called again before it has. */
  leave(base: TreeState): Promise<void>
  /** Resolves when it has indexed what it was told of, and has let go of the index. */
  finish(): Promise<void>
  /** Resolves when it has let go of the index, wherever it was. */
  drop(): Promise<void>
}

export type FeederEvents = {
  /** The index has that many entries now. */
  readonly indexed: (size: number) => void
  /** It has given up. */
  readonly failed: (error: unknown) => void
}
