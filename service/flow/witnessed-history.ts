/**
 * Checkpoints with what witnesses signed on them, kept one after the other as `witnessed/0`, `witnessed/1` and so on: by
 * them an auditor knows, years later, what stood in the log at which time, from somebody who does not have its keys.
 */
import { limits } from '../contract/limits.ts'
import { parseNote } from '../audit/signed-note.ts'
import type { Publication } from '../port/publication.ts'

export class WitnessedHistory {
  readonly #publication: Publication
  /** How many are kept. */
  #count: number
  /** Milliseconds since the epoch: when the last one was kept; null when not since the start. */
  #keptAt: number | null = null

  private constructor(publication: Publication, count: number) {
    this.#publication = publication
    this.#count = count
  }

  static async resume(publication: Publication): Promise<WitnessedHistory> {
    return new WitnessedHistory(publication, await countOf(publication))
  }

  /**
   * Keeps a published checkpoint that has a cosignature, unless one was kept a short time ago. If we crash before, the next
   * one is kept.
   */
  async keep(note: string, now: number): Promise<void> {
    const signatures = parseNote(note)?.signatures ?? []
    const isSoon = this.#keptAt !== null && now - this.#keptAt < limits.witnessedSeconds * 1000
    if (signatures.length < 2 || isSoon) return
    const bytes = new TextEncoder().encode(note)
    await this.#publication.write([{ path: pathOf(this.#count), bytes }])
    this.#count += 1
    this.#keptAt = now
  }
}

function pathOf(at: number): string {
  return `witnessed/${String(at)}`
}

/** There are no gaps: found by doubling, then by halving. */
async function countOf(publication: Publication): Promise<number> {
  const isThere = async (at: number): Promise<boolean> =>
    (await publication.read(pathOf(at))) !== null
  if (!(await isThere(0))) return 0
  let known = 1
  while (await isThere(known * 2 - 1)) known *= 2
  let absent = known * 2 - 1
  while (known < absent) {
    const middle = Math.floor((known + absent) / 2)
    if (await isThere(middle)) known = middle + 1
    else absent = middle
  }
  return known
}
