/** The algorithms of signatures that OPA knows (RFC 7518 section 3.1, RFC 8037), and what key each takes. */

export type Family = 'HS' | 'RS' | 'PS' | 'ES' | 'Ed'

export type Algorithm = {
  readonly name: string
  readonly family: Family
  /** Null: the signature scheme hashes by itself. */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null
}

const hashed = (['HS', 'RS', 'PS', 'ES'] as const).flatMap((family) =>
  (['256', '384', '512'] as const).map((bits) => ({
    name: `${family}${bits}`,
    family,
    hash: `sha${bits}` as const,
  })),
)

export const algorithms: ReadonlyMap<string, Algorithm> = new Map(
  [...hashed, { name: 'EdDSA', family: 'Ed' as const, hash: null }].map((one) => [one.name, one]),
)
