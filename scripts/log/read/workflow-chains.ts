// The chains of all workflows: each leaf of one gives its number there and the digest of the payload before it, so that a
// leaf that was left out shows.

import type { Leaf } from '../../../service/contract/leaf.ts'
import { payloadDigest } from './leaf-digests.ts'
import { SpilledMap } from './spilled-map.ts'

export interface ChainBreak {
  readonly workflow: string
  /** The leaf whose link does not hold. */
  readonly index: number
  readonly expected: string
  readonly found: string
}

interface Head {
  readonly seq: number
  readonly digest: string
}

export class WorkflowChains {
  readonly #heads = new SpilledMap<Head>()
  readonly #first: number

  /** @param first the first entry that is read: what came before it in a workflow is not known */
  constructor(first = 0) {
    this.#first = first
  }

  /** Takes the next leaf of the log; what is wrong with its link, or null. The chain goes on from it either way. */
  follow({ index, workflow }: Leaf, payload: string): ChainBreak | null {
    if (workflow === undefined) return null
    const { id, seq, prev } = workflow
    const head = this.#heads.get(id)
    this.#heads.set(id, { seq, digest: payloadDigest(payload) })
    if (head === undefined && this.#first > 0 && seq > 0 && prev !== null) return null
    const [next, before] = head === undefined ? [0, null] : [head.seq + 1, head.digest]
    if (seq === next && prev === before) return null
    const [expected, found] =
      seq === next
        ? [`prev ${before ?? 'null'}`, `prev ${prev ?? 'null'}`]
        : [`seq ${String(next)}`, `seq ${String(seq)}`]
    return { workflow: id, index, expected, found }
  }
}
