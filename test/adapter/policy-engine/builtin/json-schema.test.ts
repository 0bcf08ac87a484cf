import { expect, test } from '@jest/globals'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { call } from './call.ts'

type Answer = readonly [isValid: boolean, complaints: readonly Readonly<Record<string, string>>[]]

/** Whether it matches, and `field type: description` of each complaint. */
async function match(document: string, schema: string): Promise<string> {
  const text = await call('json.match_schema', document, schema)
  if (text === 'undefined') return text
  const [isValid, complaints] = JSON.parse(text) as Answer
  for (const { error, field, desc } of complaints) expect(error).toBe(`${field}: ${desc}`)
  return [
    String(isValid),
    ...complaints.map((one) => `${one['field']} ${one['type']}: ${one['desc']}`),
  ].join('\n')
}

// What OPA 1.22.2 answers.
test.each([
  ['{"a": 1}', '{"type": "object"}', 'true'],
  [
    '[1]',
    '{"type": ["object", "string"]}',
    'false\n(Root) invalid_type: Invalid type. Expected: [object,string], given: array',
  ],
  [
    '{"a": {"b": "x"}}',
    '{"properties": {"a": {"properties": {"b": {"type": "integer"}}}}}',
    'false\na.b invalid_type: Invalid type. Expected: integer, given: string',
  ],
  ['{"a": 1}', '{"required": ["a", "c"]}', 'false\n(Root) required: c is required'],
  [
    '{"a": 1}',
    '{"additionalProperties": false}',
    'false\n(Root) additional_property_not_allowed: Additional property a is not allowed',
  ],
  ['[0.3]', '{"items": {"multipleOf": 0.1}}', 'true'],
  ['[1]', '{"items": {"multipleOf": 3}}', 'false\n0 multiple_of: Must be a multiple of 3'],
  [
    '[18446744073709551617]',
    '{"items": {"maximum": 18446744073709551616}}',
    'false\n0 number_lte: Must be less than or equal to 1.8446744073709552e+19',
  ],
  [
    '[3]',
    '{"items": {"minimum": 3, "exclusiveMinimum": true}}',
    'false\n0 number_gt: Must be greater than 3',
  ],
  [
    '["é😀"]',
    '{"items": {"minLength": 3}}',
    'false\n0 string_gte: String length must be greater than or equal to 3',
  ],
  ['["b"]', '{"items": {"pattern": "^a+$"}}', "false\n0 pattern: Does not match pattern '^a+$'"],
  [
    '["2021-02-29"]',
    '{"items": {"format": "date"}}',
    "false\n0 format: Does not match format 'date'",
  ],
  [
    '[2]',
    '{"items": {"enum": [1, {"b": 1, "a": 2}]}}',
    'false\n0 enum: 0 must be one of the following: 1, {"a":2,"b":1}',
  ],
  ['[1, 2, 1]', '{"uniqueItems": true}', 'false\n(Root) unique: array items[0,2] must be unique'],
  [
    '{}',
    '{"anyOf": [{"type": "string"}, {"required": ["q"]}]}',
    'false\n(Root) number_any_of: Must validate at least one schema (anyOf)\n(Root) required: q is required',
  ],
  [
    '{"a": 1}',
    '{"dependencies": {"a": ["b"]}}',
    'false\n(Root) missing_dependency: Has a dependency on b',
  ],
  [
    '{"a": 1}',
    '{"if": {"required": ["a"]}, "then": {"required": ["c"]}}',
    'false\n(Root) condition_then: Must validate "then" as "if" was valid\n(Root) required: c is required',
  ],
  [
    '{"a": {"a": {"b": "x"}}}',
    '{"properties": {"a": {"$ref": "#"}, "b": {"type": "integer"}}}',
    'false\na.a.b invalid_type: Invalid type. Expected: integer, given: string',
  ],
  [
    '{"a": "x"}',
    '{"$id": "http://e.com/root.json", "definitions": {"s": {"$id": "item.json", "type": "integer"}}, "properties": {"a": {"$ref": "item.json"}}}',
    'false\na invalid_type: Invalid type. Expected: integer, given: string',
  ],
  [
    '{"__proto__": 1}',
    '{"properties": {"__proto__": {"type": "string"}}}',
    'false\n__proto__ invalid_type: Invalid type. Expected: string, given: integer',
  ],
  ['{}', '{"properties": {"a": 1}}', 'undefined'],
  ['"{"', '{}', 'undefined'],
  ['5', '{}', 'undefined'],
])('%s under %s: %j', async (document, schema, answer) => {
  expect(await match(document, schema)).toBe(answer)
})

test.each([
  ['{"type": 5}', 'Invalid type. Expected: type, given: string/Array Of Strings'],
  ['{"type": ["integer", "integer"]}', 'integer type is duplicated'],
  ['{"minLength": 5, "maxLength": 3}', 'minLength cannot be greater than maxLength'],
  ['{"minItems": -1}', 'minItems must be greater than or equal to 0'],
  ['{"multipleOf": 0}', 'multipleOf must be strictly greater than 0'],
  ['{"pattern": "("}', 'pattern must be a valid regex'],
  ['{"required": ["a", "a"]}', 'required items must be unique'],
  ['{"exclusiveMaximum": true}', 'exclusiveMaximum cannot be used without maximum'],
  [
    '{"$schema": "http://json-schema.org/draft-07/schema#", "minimum": 1, "exclusiveMinimum": true}',
    'Invalid type. Expected: number, given: exclusiveMinimum',
  ],
  ['{"$ref": "#/nowhere"}', "Object has no key 'nowhere'"],
  ['{"$ref": "other.json"}', 'Reference /other.json must be canonical'],
  ['{"definitions": {"a": {"$id": "x"}, "b": {"$id": "x"}}}', 'Reference already exists: "/x"'],
  ['"{"', 'invalid JSON string'],
  ['5', 'wrong type, expected string or object'],
])('%s is no schema: %s', async (schema, why) => {
  expect(await call('json.verify_schema', schema)).toBe(
    `[false,${JSON.stringify(`jsonschema: ${why}`)}]`,
  )
})

test('what a schema refers to is never fetched: neither from a host nor from a file', async () => {
  let connections = 0
  const canary = createServer((_request, reply) => reply.end('{}')).listen(0, '127.0.0.1')
  canary.on('connection', () => (connections += 1))
  await once(canary, 'listening')
  const { port } = canary.address() as AddressInfo
  const places = [
    `http://127.0.0.1:${port}/schema.json`,
    `//127.0.0.1:${port}/x`,
    'file:///etc/passwd',
  ]
  try {
    for (const place of places) {
      const schema = JSON.stringify({ $schema: places[0], items: { $ref: place } })
      expect(await match('[1]', schema)).toBe('undefined')
      expect(await call('json.verify_schema', schema)).toMatch(
        /^\[false,"jsonschema: (remote reference loading disabled|Reference .* must be canonical)/,
      )
    }
    await fetch(`${places[0]}`)
    expect(connections).toBe(1)
  } finally {
    canary.closeAllConnections()
    canary.close()
  }
})

test.each([
  '{"$ref": "#"}',
  '{"allOf": [{"$ref": "#"}]}',
  '{"definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}, "$ref": "#/definitions/a"}',
])('a schema that never comes to an end is undefined: %s', async (schema) => {
  expect(await match('{}', schema)).toBe('undefined')
})
