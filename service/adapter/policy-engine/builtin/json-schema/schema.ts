/** A parsed JSON Schema, as far as OPA knows the language: drafts 04, 06 and 07, and a mixture when none is named. */
import { BuiltinError, type RegoNumber } from '../../rego-value.ts'

export type Draft = 'draft4' | 'draft6' | 'draft7' | 'hybrid'

/** Filled while it is parsed, because schemas may refer to themselves. */
export class Schema {
  readonly draft: Draft
  /** A schema that is only true or false. */
  passes: boolean | null = null
  /** Stands in for everything else. */
  reference: Schema | null = null
  types: readonly string[] = []
  readonly numbers: Partial<Record<NumberKeyword, RegoNumber>> = {}
  readonly counts: Partial<Record<CountKeyword, number>> = {}
  pattern: { readonly text: string; readonly expression: RegExp } | null = null
  format = ''
  required: readonly string[] = []
  properties: ReadonlyMap<string, Schema> = new Map()
  patternProperties: readonly (readonly [RegExp, Schema])[] = []
  dependencies: ReadonlyMap<string, readonly string[] | Schema> = new Map()
  /** One for all items, or one for each place. */
  items: Schema | readonly Schema[] = []
  isUnique = false
  /** Go's JSON of what is allowed. */
  constant: string | null = null
  enumeration: readonly string[] | null = null
  readonly lists: Readonly<Record<ListKeyword, readonly Schema[]>> &
    Record<ListKeyword, readonly Schema[]> = { allOf: [], anyOf: [], oneOf: [] }
  readonly single: Partial<Record<SingleKeyword, Schema>> = {}

  constructor(draft: Draft) {
    this.draft = draft
  }
}

export type NumberKeyword =
  'multipleOf' | 'minimum' | 'exclusiveMinimum' | 'maximum' | 'exclusiveMaximum'

export const countKeywords = [
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
  'minItems',
  'maxItems',
] as const
export type CountKeyword = (typeof countKeywords)[number]

export const listKeywords = ['oneOf', 'anyOf', 'allOf'] as const
export type ListKeyword = (typeof listKeywords)[number]

/** `additional…` are schemas here also where they are true or false. */
export type SingleKeyword =
  | 'additionalItems'
  | 'additionalProperties'
  | 'contains'
  | 'else'
  | 'if'
  | 'not'
  | 'propertyNames'
  | 'then'

/** A schema that is none; the texts are those of OPA. */
export class SchemaError extends BuiltinError {}

export function invalidType(expected: string, given: string): SchemaError {
  return new SchemaError(`Invalid type. Expected: ${expected}, given: ${given}`)
}
