import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { graphqlBuiltins } from '../../../../../service/adapter/policy-engine/builtin/graphql/graphql.ts'
import {
  parseLiteral,
  printLiteral,
} from '../../../../../service/adapter/policy-engine/rego-literal.ts'
import {
  BuiltinError,
  type RegoValue,
} from '../../../../../service/adapter/policy-engine/rego-value.ts'
import { runOpa, testWithOpa } from '../../../../support/opa.ts'
import {
  documents,
  pairs,
  queries,
  schema,
  stricterDocuments,
  stricterQueries,
} from './documents.ts'

const context = { nowNs: () => 0n, seed: () => '' }

/** The result as text; undefined is no text. */
function call(name: string, ...operands: readonly RegoValue[]): string | undefined {
  try {
    const result = graphqlBuiltins[`graphql.${name}`]?.(context, ...operands)
    return result === undefined ? undefined : printLiteral(result)
  } catch (error) {
    if (error instanceof BuiltinError) return undefined
    throw error
  }
}

const literal = (text: string): RegoValue => parseLiteral(text)

const asked = `package asked
valid := [graphql.is_valid(p[0], p[1]) | some p in data.pairs]
schemas := [graphql.schema_is_valid(d) | some d in data.documents]
query_values := {i: value | some i, d in data.documents; value := graphql.parse_query(d)}
schema_values := {i: value | some i, d in data.documents; value := graphql.parse_schema(d)}
`

type Answers = {
  readonly valid: readonly boolean[]
  readonly schemas: readonly boolean[]
  readonly query_values: Readonly<Record<string, unknown>>
  readonly schema_values: Readonly<Record<string, unknown>>
}

function opaOf(data: { readonly pairs: unknown; readonly documents: unknown }): Answers {
  const folder = mkdtempSync(join(tmpdir(), 'graphql-'))
  writeFileSync(join(folder, 'data.json'), JSON.stringify(data))
  writeFileSync(join(folder, 'asked.rego'), asked)
  const { printed } = runOpa(['eval', '-f', 'json', '-d', folder, 'data.asked'])
  const { result } = JSON.parse(printed) as {
    result: readonly { expressions: readonly { value: Answers }[] }[]
  }
  const answers = result[0]?.expressions[0]?.value
  if (answers === undefined) throw new Error(printed)
  return answers
}

/** JSON with its members in one order. */
const inOrder = (json: unknown): string | undefined =>
  json === undefined ? undefined : printLiteral(literal(JSON.stringify(json)))

testWithOpa('documents are judged and read as OPA judges and reads them', () => {
  const all = [...queries.map((query) => [query, schema] as const), ...pairs]
  const opa = opaOf({ pairs: all, documents })
  expect(all.map(([query, of]) => [query, call('is_valid', query, of)])).toEqual(
    all.map(([query], i) => [query, String(opa.valid[i])]),
  )
  const ours = documents.map((document) => ({
    document,
    isSchema: call('schema_is_valid', document),
    query: call('parse_query', document),
    schema: call('parse_schema', document),
  }))
  const theirs = documents.map((document, i) => ({
    document,
    isSchema: String(opa.schemas[i]),
    query: inOrder(opa.query_values[i]),
    schema: inOrder(opa.schema_values[i]),
  }))
  expect(ours).toEqual(theirs)
  expect(new Set(opa.valid)).toEqual(new Set([true, false]))
})

testWithOpa('where the builtins differ from OPA they refuse what it takes', () => {
  const documentsOf = [...stricterDocuments]
  const opa = opaOf({
    pairs: stricterQueries.map((query) => [query, schema]),
    documents: documentsOf,
  })
  expect(opa.valid.every((valid) => valid)).toBe(true)
  for (const query of stricterQueries) expect(call('is_valid', query, schema)).toBe('false')
  for (const [i, document] of documentsOf.entries()) {
    const theirs = inOrder(opa.query_values[i] ?? opa.schema_values[i])
    expect([document, theirs]).not.toEqual([document, undefined])
    const isRefused =
      call('schema_is_valid', document) === 'false' && call('parse_query', document) === undefined
    expect([document, isRefused]).toEqual([document, true])
  }
})

describe('what is too much is refused, and never a fault of the builtin', () => {
  const deepSelection = `${'{a'.repeat(50_000)}${'}'.repeat(50_000)}`
  const deepList = `{ b(l: ${'['.repeat(50_000)}${']'.repeat(50_000)}) }`
  const deepType = `type Query { a: ${'['.repeat(50_000)}Int${']'.repeat(50_000)} }`
  const huge = `{ ${'a '.repeat(200_000)} }`
  test.each([
    ['a deep selection', deepSelection],
    ['a deep list', deepList],
    ['a huge query', huge],
  ])('%s is no valid query', (_name, query) => {
    expect(call('is_valid', query, schema)).toBe('false')
    expect(call('parse_query', query)).toBeUndefined()
    expect(call('parse', query, schema)).toBeUndefined()
    expect(call('parse_and_verify', query, schema)).toBe('[false,{},{}]')
  })

  test.each([
    ['a deep type', deepType],
    ['a huge schema', `type Query { ${'a: Int '.repeat(50_000)} }`],
  ])('%s is no valid schema', (_name, types) => {
    expect(call('schema_is_valid', types)).toBe('false')
    expect(call('parse_schema', types)).toBeUndefined()
    expect(call('is_valid', '{a}', types)).toBe('false')
  })

  test('a chain of input objects as long as documents may be is no fault', () => {
    const inputs = Array.from({ length: 9000 }, (_, i) => `input I${i} { a: I${i + 1}! }`)
    expect(call('schema_is_valid', [...inputs, 'input I9000 { a: Int }'].join('\n'))).toMatch(
      /^(true|false)$/,
    )
  })
})

describe('operands that are no documents', () => {
  const value = '{"Operations":[{"Operation":"query","SelectionSet":[{"Alias":"a","Name":"a"}]}]}'

  test('the object of a query stands for it', () => {
    expect(call('is_valid', literal(value), schema)).toBe('true')
    expect(call('is_valid', literal(value.replace('"Operations"', '"operations"')), schema)).toBe(
      'true',
    )
    expect(call('is_valid', literal(value.replace('"Name":"a"', '"Name":"z"')), schema)).toBe(
      'false',
    )
  })

  test.each([
    '1',
    'null',
    'true',
    '[]',
    'set()',
    '{"Operations":1}',
    '{"Operations":[1]}',
    '{"Operations":[null]}',
    '{"Operations":[{"Operation":"delete"}]}',
    '{"Operations":[{"Operation":1}]}',
    '{"Operations":[],"operations":[]}',
    '{"Operations":[{"Operation":"query","SelectionSet":[{"Name":"a","Alias":1}]}]}',
    '{"Operations":[{"Operation":"query","VariableDefinitions":[{"Variable":"v"}]}]}',
    '{"Operations":[{"Operation":"query","VariableDefinitions":[{"Variable":"v","Type":{}}]}]}',
    ...['99', '-1', '1.5', '"1"', '1', '2', '5'].map(
      (kind) =>
        `{"Operations":[{"Operation":"query","SelectionSet":[{"Alias":"b","Name":"b","Arguments":[{"Name":"i","Value":{"Kind":${kind},"Raw":"x"}}]}]}]}`,
    ),
    '{"Fragments":[{"Name":"F","TypeCondition":"Query","SelectionSet":[{"Name":"a"}]}]}',
  ])('%s is no valid query', (text) => {
    expect(call('is_valid', literal(text), schema)).toBe('false')
    expect(call('parse', literal(text), schema)).toBeUndefined()
    expect(call('parse_and_verify', literal(text), schema)).toBe('[false,{},{}]')
  })

  test.each([
    '1',
    '{"Definitions":[{"Kind":"NOPE","Name":"A"}]}',
    '{"Definitions":[{"Kind":"OBJECT","Name":"A","Fields":[{"Name":"a"}]}]}',
    '{"Definitions":[{"Kind":"OBJECT","Name":"A","Fields":[{"Name":"a","Type":{"NamedType":"Nope"}}]}]}',
    '{"Definitions":[{"Kind":"UNION","Name":"A","Types":[1]}]}',
    '{"Directives":[{"Name":"a","IsRepeatable":1}]}',
    '{"Schema":[{"OperationTypes":[{"Operation":"query","Type":"Nope"}]}]}',
  ])('%s is no valid schema', (text) => {
    expect(call('schema_is_valid', literal(text))).toBe('false')
    expect(call('parse', '{a}', literal(text))).toBeUndefined()
  })

  test('parsing takes texts only', () => {
    expect(call('parse_query', literal(value))).toBeUndefined()
    expect(call('parse_schema', literal('{}'))).toBeUndefined()
    expect(call('parse_schema', literal('null'))).toBeUndefined()
  })
})

test('an object of a schema gives back what it was made of', () => {
  const text = `"d" schema @x { query: Query } directive @x(a: Int = 1) repeatable on SCHEMA | FIELD
    type Query implements N { "f" a(x: [Int!]! = [1], o: O = {k: "v", e: A}): Int @deprecated(reason: "r") }
    interface N { a(x: [Int!]!, o: O): Int } union U = Query enum E { A B }
    input O { k: String e: E = A } scalar S extend type Query { b: S } extend schema { mutation: Query }`
  const object = call('parse_schema', text) ?? ''
  expect(call('schema_is_valid', text)).toBe('true')
  expect(call('parse_and_verify', '{a(x: [])}', literal(object))).toBe(
    `[true,${call('parse_query', '{a(x: [])}') ?? ''},${object}]`,
  )
})
