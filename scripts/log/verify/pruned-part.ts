// What was pruned from a log, and is in no archive that was named: its hashes are there and its entries are not. A leaf of the part
// that is there must say so.

import { Pruning } from '../../../service/contract/pruning.ts'
import type { Leaf } from '../../../service/contract/leaf.ts'
import { compileChecker } from '../../../service/contract/validate.ts'
import { LogFault } from '../log-fault.ts'
import type { PublishedLog } from '../read/published-log.ts'
import { hex, type TreeCheck } from './tree-check.ts'

/** Entries `from` to `to` (which is not among them) that were not seen, by the word of a leaf. */
export interface Unseen {
  readonly from: number
  readonly to: number
  /** The leaf `log_pruned`, or null when all was seen. */
  readonly leaf: number
}

const isPruning = compileChecker(Pruning)

export class PrunedPart {
  readonly #first: number
  /** Where the log begins, as its file says. */
  readonly #minimum: number
  #said: { readonly leaf: number; readonly minimum: number; readonly root: string } | null = null

  /** @param first the first entry that is read */
  constructor(first: number, log: PublishedLog) {
    this.#first = first
    this.#minimum = log.minimum
  }

  /** Sizes at which the root must be known. */
  get sizes(): readonly number[] {
    return this.#first === 0 ? [] : [this.#minimum]
  }

  take({ kind, index, ...leaf }: Leaf): void {
    if (kind !== 'log_pruned') return
    const checked = isPruning((leaf as { readonly event: unknown }).event)
    if (!checked.ok) {
      const found = 'another thing'
      throw new LogFault({ check: 'leaf', index, expected: 'what was pruned', found })
    }
    const { minimum, root } = checked.value
    if (minimum > index)
      throw new LogFault({
        ...{ check: 'leaf', index },
        ...{ expected: 'a minimum index before it', found: String(minimum) },
      })
    // Of several the last counts that comes so far; one that was decided and not done is followed by another.
    if (minimum === this.#minimum) this.#said = { leaf: index, minimum, root }
  }

  /** Null when everything was seen. @throws LogFault when entries are missing that no leaf gives up. */
  finish(tree: TreeCheck): Unseen | null {
    if (this.#first === 0) return null
    const file = 'minimum-index'
    if (this.#said === null) {
      const found = `none, and no entry before ${String(this.#first)}`
      const expected = `a leaf that says that entries before ${String(this.#minimum)} were pruned`
      throw new LogFault({ check: 'entries', file, expected, found })
    }
    const { leaf, minimum, root } = this.#said
    const found = tree.rootAt(minimum)
    if (found === null || `sha256:${hex(found)}` !== root) {
      const expected = `the root ${root} over the ${String(minimum)} entries that were pruned`
      const place = { check: 'root', index: leaf, expected } as const
      throw new LogFault({ ...place, found: found === null ? 'none' : hex(found) })
    }
    return { from: 0, to: this.#first, leaf }
  }
}
