/** Where each rule of a policy stands and what it reads: written into the manifest when a bundle is built. */
import { Type, type Static } from 'typebox'
import { closed, Name, oneOf } from './digest.ts'

export const RuleEntry = Type.Object(
  {
    kind: oneOf(['rule', 'ground', 'obligation']),
    /** The last two segments of its package: what a finding names as its rule. */
    rule: Name,
    /** Where it stands, from the root of its repository. */
    file: Type.String({ minLength: 1, maxLength: 1024 }),
    /** Where it begins to speak: each clause of `findings`, `grounds` or `obligations`. */
    lines: Type.Array(Type.Integer({ minimum: 1 }), { maxItems: 256 }),
    title: Type.Optional(Type.String({ maxLength: 1024 })),
    remediation: Type.Optional(Type.String({ maxLength: 4096 })),
    /** Members of `input` that it or a helper of it reads, with slashes; the empty text is all of it. */
    reads: Type.Array(Type.String({ maxLength: 1024 }), { maxItems: 1024 }),
  },
  closed,
)
export type RuleEntry = Static<typeof RuleEntry>

/** By stable code. */
export const RuleMap = Type.Record(Name, RuleEntry)
export type RuleMap = Readonly<Record<string, RuleEntry>>
