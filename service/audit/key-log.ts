/**
 * The decision keys of one log: a fold over the leaves that start, end and revoke them, so that which key signs a leaf
 * follows from the leaves before it, alike for the sequencer and after a restart.
 */
import type { Leaf } from '../contract/leaf.ts'
import type { KeyRevocation, KeyRotation, PublicKey } from '../contract/signing-key.ts'
import type { FoldKind } from './fold.ts'

export type LoggedKey = {
  readonly key: PublicKey
  /** Seconds: it verifies from then on, signs from then on, and does neither at `exp`. */
  readonly nbf: number
  readonly signsFrom: number
  readonly exp: number
  /** A leaf said so: it signs nothing after that leaf, whatever the time. */
  readonly isOver: boolean
  readonly compromisedAt: number | null
}

/** Keys in the order in which they were started. */
type SavedKeys = {
  readonly keys: readonly LoggedKey[]
  readonly changes: number
  readonly noteKey: string | null
}

export class KeyLog {
  /** In the order in which they were started. */
  readonly #keys: Map<string, LoggedKey>
  #changes: number
  #noteKey: string | null

  constructor(saved: SavedKeys | null = null) {
    this.#keys = new Map(saved?.keys.map((logged) => [logged.key.kid, logged]))
    this.#changes = saved?.changes ?? 0
    this.#noteKey = saved?.noteKey ?? null
  }

  /** Moves with every key that is started, ended or revoked. */
  get changes(): number {
    return this.#changes
  }

  /** Verifier key of checkpoints, once a leaf names it. */
  get noteKey(): string | null {
    return this.#noteKey
  }

  all(): readonly LoggedKey[] {
    return [...this.#keys.values()]
  }

  find(kid: string): LoggedKey | null {
    return this.#keys.get(kid) ?? null
  }

  /** The key whose turn it is at that time, whether or not it has ended; null when no leaf has named one. */
  turn(time: number): LoggedKey | null {
    return this.all().findLast(({ isOver, signsFrom }) => !isOver && signsFrom <= time) ?? null
  }

  /**
   * The key that has to sign this leaf, which comes next; null when none may. A key that has ended is followed by one that
   * introduces itself.
   */
  signerOf(leaf: Leaf): PublicKey | null {
    const current = this.turn(leaf.iat)
    if (current !== null && leaf.iat < current.exp) return current.key
    return startedBy(leaf)?.key ?? null
  }

  /** Keys that are not over although one that was started later signs at that time. */
  superseded(time: number): readonly LoggedKey[] {
    const current = this.turn(time)
    const all = this.all()
    return current === null
      ? []
      : all.slice(0, all.indexOf(current)).filter(({ isOver }) => !isOver)
  }

  /** Keys that must sign from that time on, as far as leaves say: the one whose turn it is, and those that are announced. */
  demanded(time: number): readonly LoggedKey[] {
    const current = this.turn(time)
    const all = this.all()
    return all
      .slice(current === null ? 0 : all.indexOf(current))
      .filter((one) => !one.isOver && time < one.exp)
  }

  follow(leaf: Leaf): void {
    if (leaf.kind === 'key_rotation') this.#rotate(leaf.event as KeyRotation)
    else if (leaf.kind === 'key_revocation') this.#revoke(leaf.event as KeyRevocation, leaf.iat)
    else return
    this.#changes += 1
  }

  save(): SavedKeys {
    return { keys: this.all(), changes: this.#changes, noteKey: this.#noteKey }
  }

  #rotate(event: KeyRotation): void {
    if (event.change === 'end') {
      const { kid, exp } = event
      this.#change(kid, { exp: Math.min(exp, this.find(kid)?.exp ?? exp), isOver: true })
    } else if (event.use === 'note') {
      this.#noteKey = event.vkey
    } else if (!this.#keys.has(event.key.kid)) {
      // A key that was started is never started again: its window would change under those who have it.
      const { key, nbf, signs_from: signsFrom, exp } = event
      this.#keys.set(key.kid, {
        ...{ key, nbf, signsFrom, exp },
        ...{ isOver: false, compromisedAt: null },
      })
    }
  }

  #revoke({ kid, compromised_at: at }: KeyRevocation, iat: number): void {
    const known = this.#keys.get(kid)
    if (known === undefined) return
    // Of several words the earliest counts.
    const compromisedAt = Math.min(at, known.compromisedAt ?? at)
    this.#change(kid, { isOver: true, compromisedAt, exp: Math.min(known.exp, iat + 1) })
  }

  #change(kid: string, changes: Partial<LoggedKey>): void {
    const known = this.#keys.get(kid)
    if (known !== undefined) this.#keys.set(kid, { ...known, ...changes })
  }
}

export const keysFold: FoldKind<KeyLog> = {
  name: 'keys',
  version: 1,
  start: (saved) => new KeyLog(saved as SavedKeys | null),
}

function startedBy({
  kind,
  event,
}: Leaf & { readonly event?: unknown }): Extract<KeyRotation, { readonly key: PublicKey }> | null {
  if (kind !== 'key_rotation') return null
  const rotation = event as KeyRotation
  return 'key' in rotation ? rotation : null
}
