/** What pruning asks of the files of one open log. `service/prune-log.ts` puts the steps in order. */
import { join } from 'node:path'
import type { DecidedPruning } from '../../../audit/prunings.ts'
import { GrowingTree } from '../../../audit/merkle.ts'
import type { Sequence } from '../../../audit/sequence.ts'
import { PdpError } from '../../../contract/error-code.ts'
import type { Leaf } from '../../../contract/leaf.ts'
import type { LogIndex } from '../derived/log-index.ts'
import type { LogFileSystem } from '../file-system.ts'
import { readBase, type Base, type BasePlace } from './base-file.ts'
import { examineArchive } from './examine-archive.ts'
import { removePruned, useNextBase } from './settle-pruning.ts'
import { writeNextBase, type NextBase } from './write-base.ts'

export type PruningParts = {
  readonly system: LogFileSystem
  /** The tenant's own directory. */
  readonly directory: string
  readonly place: BasePlace
  readonly sequence: Sequence
  readonly index: LogIndex
}

export class LogPruning {
  readonly #parts: PruningParts
  #base: Base | null

  /** @param base that the log begins with; null for one that was never pruned */
  constructor(parts: PruningParts, base: Base | null) {
    this.#parts = parts
    this.#base = base
  }

  /** The index of the first entry that is there. */
  get first(): number {
    return this.#base?.size ?? 0
  }

  /**
   * The tree over what may go, of whole segments before that entry: as it is when nothing may.
   *
   * @param now seconds since the epoch
   * @throws PdpError `usage` when the archive does not hold it; `log_corrupt`.
   */
  examine(archive: string, before: number, now: number): Promise<GrowingTree> {
    const { system, place, sequence } = this.#parts
    return examineArchive({
      ...{ system, log: place.log, archive, before },
      from: this.#base?.start().tree ?? new GrowingTree(),
      isNeeded: (leaf) => isNeeded(leaf, sequence, now),
    })
  }

  /** Makes the next base durable beside the one that counts. */
  writeNext(size: number): Promise<NextBase> {
    const { place, directory } = this.#parts
    return writeNextBase(place, this.#base, size, join(directory, 'index'))
  }

  /** Ends a pruning whose leaf a signed checkpoint covers. @throws PdpError `log_corrupt` when its base is not there. */
  async settle(decided: DecidedPruning): Promise<void> {
    if (await this.#useNext(decided)) return
    const { place } = this.#parts
    throw new PdpError('log_corrupt', `${place.log}/base.next is not what was written there.`)
  }

  /**
   * Goes on where a crash interrupted a pruning, at a start. One whose leaf no checkpoint covers yet waits for another start:
   * nothing is gone, and the base before it counts.
   */
  async resume(signed: readonly { readonly size: number }[]): Promise<void> {
    const { last } = this.#parts.sequence.prunings
    const isCovered = last !== null && signed.some(({ size }) => size > last.index)
    const isLeft = isCovered && last.base !== this.#base?.digest
    if (isLeft && (await this.#useNext(last))) return
    const { system, directory } = this.#parts
    // Nothing has read there: the log began with this base.
    if (this.#base !== null) await removePruned(system, directory, this.#base.size)
  }

  /** False when another base lies there, or none: then nothing is done. */
  async #useNext(decided: DecidedPruning): Promise<boolean> {
    const { system, place } = this.#parts
    if (!(await useNextBase(system, place.log, place.key, decided))) return false
    const base = await readBase(place)
    if (base === null) throw new PdpError('internal', 'A base that was written is not there.')
    this.#base = base
    const { directory, index } = this.#parts
    const { size, peaks } = base.start().tree
    // Nothing of ours reads there any more when it goes.
    await index.leave({ size, peaks })
    await removePruned(system, directory, size)
    return true
  }
}

/** A decision that still stands, or a request that people may still answer or be told of: both are looked up as they were recorded. */
function isNeeded(leaf: Leaf, { approvals }: Sequence, now: number): boolean {
  if (leaf.kind !== 'decision') return false
  const { jti, exp, hold } = leaf
  if (exp > now || (hold?.exp ?? 0) > now) return true
  return hold !== undefined && approvals.find(hold.id)?.decisionId === jti
}
