/**
 * What was pruned, as its leaves say: a fold over them. It vouches for the base that a pruned log begins with: one that no leaf
 * names is not used.
 */
import type { Pruning } from '../contract/pruning.ts'
import type { Leaf } from '../contract/leaf.ts'
import type { FoldKind } from './fold.ts'

/** One that was decided, and the place of its leaf. */
export type DecidedPruning = Pick<Pruning, 'minimum' | 'base'> & { readonly index: number }

/** Attempts that may follow one another before one of them comes to its end. */
const remembered = 64

export class Prunings {
  #all: readonly DecidedPruning[]

  constructor(saved: readonly DecidedPruning[] | null = null) {
    this.#all = saved ?? []
  }

  /** The last that was decided; whether it is done, the files say. Null when there was none. */
  get last(): DecidedPruning | null {
    return this.#all.at(-1) ?? null
  }

  vouchesFor(base: string, minimum: number): boolean {
    return this.#all.some((one) => one.base === base && one.minimum === minimum)
  }

  follow(leaf: Leaf): void {
    if (leaf.kind !== 'log_pruned') return
    const { minimum, base } = leaf.event as Pruning
    this.#all = [...this.#all, { minimum, base, index: leaf.index }].slice(-remembered)
  }

  save(): readonly DecidedPruning[] {
    return this.#all
  }
}

export const pruningsFold: FoldKind<Prunings> = {
  name: 'prunings',
  version: 1,
  start: (saved) => new Prunings(saved as readonly DecidedPruning[] | null),
}
