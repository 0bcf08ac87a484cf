// Where the leaves of a log come from, in its order.

import type { Absent, Entry } from './entry.ts'

export interface LogSource {
  /** As it was named. */
  readonly name: string
  /** From the first on, each time anew. @throws PdpError `usage` for what is no log. */
  readonly entries: () => Iterable<Entry | Absent>
  readonly close: () => void
}
