/** Names of the shapes that many messages share: digests, identifiers and short texts. */
import { Type, type Static } from 'typebox'

/** `sha256:` and 64 lower-case hexadecimal digits. */
export const Digest = Type.String({ pattern: '^sha256:[0-9a-f]{64}$' })
export type Digest = Static<typeof Digest>

/** A name that a person or a machine gave: bounded, not empty. */
export const Name = Type.String({ minLength: 1, maxLength: 256 })

/** A URI, a reference or another longer text: bounded, not empty. */
export const Reference = Type.String({ minLength: 1, maxLength: 2048 })

/** A compact JWS; its syntax is checked by the token pipeline, which names what is wrong with it. */
export const CompactToken = Type.String({ minLength: 1, maxLength: 16 * 1024 })

/** A JSON object whose members are not ours to name. */
export const OpenObject = Type.Record(Type.String(), Type.Unknown())

/** One of several literal strings. OPA's checker knows `anyOf` of `const`, not `enum`. */
export function oneOf<const T extends readonly string[]>(values: T): Type.TUnsafe<T[number]> {
  return Type.Unsafe<T[number]>(Type.Union(values.map((value) => Type.Literal(value))))
}

export function nullable<T extends Type.TSchema>(schema: T): Type.TUnion<[T, Type.TNull]> {
  return Type.Union([schema, Type.Null()])
}

export const closed = { additionalProperties: false } as const
