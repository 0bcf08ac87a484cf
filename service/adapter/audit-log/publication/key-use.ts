/**
 * When each key signed leaves of this log: a fold over its leaves, so that it says what is so.
 *
 * The key that signs now has no end.
 */
import type { FoldKind } from '../../../audit/fold.ts'
import type { Leaf } from '../../../contract/leaf.ts'
import type { PublicJwk } from '../keys/tenant-keys.ts'

type Span = { readonly first: number; readonly last: number }
type SavedUse = readonly (readonly [header: string, span: Span])[]

export class KeyUse {
  /** By protected header, of which there are as many as kinds of leaf and keys. */
  readonly #spans: Map<string, Span>

  constructor(saved: SavedUse | null = null) {
    this.#spans = new Map(saved)
  }

  follow({ iat: last }: Leaf, token: string): void {
    const header = token.slice(0, token.indexOf('.'))
    const { first } = this.#spans.get(header) ?? { first: last }
    this.#spans.set(header, { first, last })
  }

  save(): SavedUse {
    return [...this.#spans]
  }

  /**
   * Keys with `nbf` (their first leaf) and `exp` (the second after their last), seconds as in RFC 7519; a key that has not
   * signed yet has none of both.
   */
  windows(keys: readonly PublicJwk[], current: string): readonly PublicJwk[] {
    const spans = [...this.#spans].map(([header, span]) => ({ kid: kidOf(header), ...span }))
    return keys.map((key) => {
      const own = spans.filter(({ kid }) => kid === key.kid)
      if (own.length === 0) return key
      const nbf = Math.min(...own.map(({ first }) => first))
      const exp = Math.max(...own.map(({ last }) => last)) + 1
      return { ...key, nbf, ...(key.kid === current ? {} : { exp }) }
    })
  }
}

export const keyUseFold: FoldKind<KeyUse> = {
  name: 'key-use',
  version: 1,
  start: (saved) => new KeyUse(saved as SavedUse | null),
}

function kidOf(header: string): unknown {
  return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { readonly kid?: unknown }).kid
}
