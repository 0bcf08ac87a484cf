/** Where a log has come to: a fold over its leaves. */
import type { Leaf } from '../contract/leaf.ts'
import type { FoldKind } from './fold.ts'

type SavedOrder = { readonly size: number; readonly time: number; readonly changedAt: number }

/** Leaves that end what was permitted before them: what was answered before one of these is not answered so again. */
const changing: ReadonlySet<Leaf['kind']> = new Set([
  'kill_switch',
  'kill_switch_lifted',
  'revocation',
  'session_ended',
  'grant_revoked',
])

export class Order {
  #saved: SavedOrder

  constructor(saved: SavedOrder | null) {
    this.#saved = saved ?? { size: 0, time: 0, changedAt: -1 }
  }

  /** Leaves. */
  get size(): number {
    return this.#saved.size
  }

  /** Seconds: the time of the last leaf. */
  get time(): number {
    return this.#saved.time
  }

  /** The place of the last stop, lift, revocation (of a grant too) or end of a session; -1 when there was none. */
  get changedAt(): number {
    return this.#saved.changedAt
  }

  follow({ index, iat, kind }: Leaf): void {
    const changedAt = changing.has(kind) ? index : this.#saved.changedAt
    this.#saved = { size: index + 1, time: iat, changedAt }
  }

  save(): SavedOrder {
    return this.#saved
  }
}

export const orderFold: FoldKind<Order> = {
  name: 'order',
  version: 1,
  start: (saved) => new Order(saved as SavedOrder | null),
}
