/** Who wrote what a bundle holds: `metadata.authors` of its manifest, under its signature. */
import { Type, type Static } from 'typebox'
import { closed, Name, Reference } from './digest.ts'

/** As the issuer names her, whose tokens she votes by. */
export const PolicyAuthor = Type.Object({ iss: Reference, sub: Name }, closed)
export type PolicyAuthor = Static<typeof PolicyAuthor>

export const PolicyAuthors = Type.Array(PolicyAuthor, { maxItems: 64 })
