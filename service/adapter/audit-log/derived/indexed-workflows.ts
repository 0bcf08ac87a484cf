/**
 * Workflows as the index has them: what was taken in since the last commit, what was used lately, and the rest by one read.
 *
 * The fold is the same as the order of the log follows, so that the index and memory cannot come to differ.
 */
import { LRUCache } from 'lru-cache'
import { advance } from '../../../workflow/advance.ts'
import type { Leaf } from '../../../contract/leaf.ts'
import type { InitiatorWindow } from '../../../workflow/initiator-window.ts'
import type { Kept } from '../../../workflow/workflow-memory.ts'
import type { WorkflowState } from '../../../workflow/workflow-state.ts'

/** Values of each kind that are at hand. */
const atHand = 8192

/** Where values lie; each kind has keys of its own. */
export type StoredStandings = { readonly standing: (key: string) => unknown }

export const workflowKey = (id: string): string => `w/${id}`
export const initiatorKey = (key: string): string => `i/${key}`

export class IndexedWorkflows {
  readonly #changed = new Map<string, object>()
  readonly #memory: {
    readonly workflows: Kept<WorkflowState>
    readonly windows: Kept<InitiatorWindow>
  }

  constructor(store: StoredStandings) {
    this.#memory = {
      workflows: this.#kept<WorkflowState>(workflowKey, store),
      windows: this.#kept<InitiatorWindow>(initiatorKey, store),
    }
  }

  follow(leaf: Leaf): void {
    advance(this.#memory, leaf)
  }

  /** What is to be written, as JSON text by key; it is forgotten here. */
  taken(): readonly (readonly [key: string, value: string])[] {
    const rows = [...this.#changed].map(([key, value]) => [key, JSON.stringify(value)] as const)
    this.#changed.clear()
    return rows
  }

  #kept<V extends object>(keyOf: (key: string) => string, store: StoredStandings): Kept<V> {
    const known = new LRUCache<string, V>({ max: atHand })
    return {
      get: (name) => {
        const key = keyOf(name)
        const value = (this.#changed.get(key) ?? known.get(key) ?? store.standing(key)) as V | null
        if (value === null) return undefined
        known.set(key, value)
        return value
      },
      set: (name, value) => {
        const key = keyOf(name)
        this.#changed.set(key, value)
        known.set(key, value)
      },
    }
  }
}
