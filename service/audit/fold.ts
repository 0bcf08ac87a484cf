/**
 * What is so after a log's leaves: a fold over them, saved so that a start need not read them all again.
 *
 * Whoever adds a fold declares its kind in `log-folds.ts` and is in every snapshot from then on; a snapshot without it, or with
 * another version of it, is not used, and the log is read instead.
 */
import type { Leaf } from '../contract/leaf.ts'

/** The same leaves in the same order make the same of it, live and read back from disk. */
export interface Fold {
  /** Takes in the next leaf. @param token the leaf as it is stored: a compact JWS */
  follow(leaf: Leaf, token: string): void
  /** All that it holds, as a JSON value that later leaves do not change. */
  save(): unknown
}

export type FoldKind<F extends Fold> = {
  readonly name: string
  /**
   * Moves when what is saved means something else than before. A snapshot of another version is thrown away; the base of a pruned
   * log cannot be, so whoever moves it after a release makes `start` read what the release saved.
   */
  readonly version: number
  /** @param saved what `save` of this version gave; null where no leaf has been followed */
  readonly start: (saved: unknown) => F
}

export type FoldKinds = Readonly<Record<string, FoldKind<Fold>>>

export type FoldsOf<K extends FoldKinds> = { readonly [N in keyof K]: ReturnType<K[N]['start']> }

export type SavedFold = {
  readonly name: string
  readonly version: number
  readonly state: unknown
}

export function startFolds<K extends FoldKinds>(kinds: K): FoldsOf<K> {
  return mapped(kinds, (kind) => kind.start(null))
}

/** Null when they are not exactly these kinds in these versions. */
export function resumeFolds<K extends FoldKinds>(
  kinds: K,
  saved: readonly SavedFold[],
): FoldsOf<K> | null {
  const nameOf = ({ name, version }: Omit<SavedFold, 'state'>): string => `${name} ${version}`
  const states = new Map(saved.map((fold) => [nameOf(fold), fold.state]))
  const all = Object.values(kinds)
  if (states.size !== all.length || !all.every((kind) => states.has(nameOf(kind)))) return null
  return mapped(kinds, (kind) => kind.start(states.get(nameOf(kind))))
}

export function saveFolds<K extends FoldKinds>(kinds: K, folds: FoldsOf<K>): readonly SavedFold[] {
  return Object.entries(kinds).map(([key, { name, version }]) => {
    const fold = folds[key]
    if (fold === undefined) throw new RangeError(`there is no fold ${key}`)
    return { name, version, state: fold.save() }
  })
}

function mapped<K extends FoldKinds>(kinds: K, start: (kind: FoldKind<Fold>) => Fold): FoldsOf<K> {
  return Object.fromEntries(
    Object.entries(kinds).map(([key, kind]) => [key, start(kind)]),
  ) as FoldsOf<K>
}
