// Whether a leaf stands where it says, in the log that it names, not before the one before it; and none stands twice.

import { LogFault } from '../log-fault.ts'
import { SpilledMap } from '../read/spilled-map.ts'
import type { ReadLeaf } from '../read/read-leaf.ts'

export class LeafOrder {
  readonly #origin: string
  readonly #ids = new SpilledMap<1>()
  #time = 0

  /** @param origin the name of the log */
  constructor(origin: string) {
    this.#origin = origin
  }

  /** @param index its place in the tree. @throws LogFault */
  check(index: number, { header, leaf }: ReadLeaf): void {
    const typ = leaf.kind === 'decision' ? 'decision+jwt' : 'event+jwt'
    const demands = [
      ['typ', typ, header.typ],
      ['index', String(index), String(leaf.index)],
      ['iss', this.#origin, leaf.iss],
    ] as const
    for (const [name, expected, found] of demands) {
      if (expected !== found) {
        throw new LogFault({
          ...{ check: 'order', index },
          ...{ expected: `${name} ${expected}`, found },
        })
      }
    }
    if (leaf.iat < this.#time) {
      const expected = `iat ${String(this.#time)} or later`
      throw new LogFault({ check: 'order', index, expected, found: String(leaf.iat) })
    }
    if (this.#ids.get(leaf.jti) !== undefined) {
      const expected = 'an id that no leaf before it has'
      throw new LogFault({ check: 'order', index, expected, found: leaf.jti })
    }
    this.#ids.set(leaf.jti, 1)
    this.#time = leaf.iat
  }
}
