/**
 * The family `graphql.*` (OPA's v1/topdown/graphql.go): documents are texts or the objects that an earlier call gave.
 * Whatever a document is refused for, the predicates say false and the others are undefined.
 */
import type { DocumentNode } from 'graphql/language'
import { BuiltinError, RegoObject, type Builtins, type RegoValue } from '../../rego-value.ts'
import { checkQuery } from './check-query.ts'
import { checkSchema } from './check-schema.ts'
import { DocumentFault } from './document-fault.ts'
import { parseQuery, parseSchema } from './parse-document.ts'
import { queryValue } from './query-value.ts'
import { readQuery } from './read-query.ts'
import { readSchema } from './read-schema.ts'
import { schemaValue } from './schema-value.ts'

const none = new RegoObject([])

export const graphqlBuiltins: Builtins = {
  'graphql.is_valid': (_context, query, schema) => succeeds(() => verify(query, schema)),
  'graphql.schema_is_valid': (_context, schema) => succeeds(() => checkSchema(schemaOf(schema))),
  'graphql.parse': (_context, query, schema) => orUndefined(() => verify(query, schema)),
  'graphql.parse_and_verify': (_context, query, schema) => {
    const verified = attempt(() => verify(query, schema))
    return verified === null ? [false, none, none] : [true, ...verified]
  },
  'graphql.parse_query': (_context, query) =>
    orUndefined(() => queryValue(parseQuery(textOf(query)))),
  'graphql.parse_schema': (_context, schema) =>
    orUndefined(() => schemaValue(parseSchema(textOf(schema)))),
}

/** The query and the schema as objects. */
function verify(query: RegoValue | undefined, schema: RegoValue | undefined) {
  const asked = queryOf(query)
  const types = schemaOf(schema)
  const values = [queryValue(asked), schemaValue(types)] as const
  checkQuery(asked, checkSchema(types))
  return values
}

function queryOf(value: RegoValue | undefined): DocumentNode {
  return value instanceof RegoObject ? readQuery(value) : parseQuery(textOf(value))
}

function schemaOf(value: RegoValue | undefined): DocumentNode {
  return value instanceof RegoObject ? readSchema(value) : parseSchema(textOf(value))
}

function textOf(value: RegoValue | undefined): string {
  if (typeof value === 'string') return value
  throw new DocumentFault('a document is a string')
}

/** Null when a document is refused, or nested too deeply for the stack. */
function attempt<T>(act: () => T): T | null {
  try {
    return act()
  } catch (error) {
    if (error instanceof DocumentFault || error instanceof RangeError) return null
    throw error
  }
}

function succeeds(act: () => unknown): boolean {
  return (
    attempt(() => {
      act()
      return true
    }) ?? false
  )
}

function orUndefined(act: () => RegoValue): RegoValue {
  const value = attempt(act)
  if (value === null) throw new BuiltinError('the document is refused')
  return value
}
