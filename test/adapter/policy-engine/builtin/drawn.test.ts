import { expect, test } from '@jest/globals'
import { call, callIn, query } from './call.ts'

const other = { ...query, seed: () => 'another decision' }
const uuid = /^"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"$/

test.each([
  ['uuid.rfc4122', ['"key"'], ['"yek"']],
  ['uuid.rfc4122', ['"a\\u0000b"'], ['"a"']],
  ['rand.intn', ['"key"', '1000000000000'], ['"yek"', '1000000000000']],
  ['rand.intn', ['"key"', '1000000000000'], ['"key"', '1000000000001']],
])(
  '%s of %j is the same within a query, and another for another key or query',
  async (name, key, another) => {
    const first = await call(name, ...key)
    expect(await call(name, ...key)).toBe(first)
    expect(await call(name, ...another)).not.toBe(first)
    expect(await callIn(other, name, ...key)).not.toBe(first)
  },
)

test('what is drawn for a UUID is a UUID of version 4', async () => {
  for (let i = 0; i < 200; i += 1)
    expect(await call('uuid.rfc4122', JSON.stringify(`key ${String(i)}`))).toMatch(uuid)
})

test('numbers are drawn below the bound, and every one of them', async () => {
  const drawn = new Set<string>()
  for (let i = 0; i < 200; i += 1) drawn.add(await call('rand.intn', `"${String(i)}"`, '-3'))
  expect([...drawn].sort()).toEqual(['0', '1', '2'])
})

test.each([
  ['"key"', '0', '0'],
  ['"key"', '1', '0'],
  ['"key"', '1.5', 'undefined'],
  ['"key"', '9223372036854775808', 'undefined'],
  ['1', '2', 'undefined'],
])('rand.intn(%s, %s) is %s', async (key, bound, result) => {
  expect(await call('rand.intn', key, bound)).toBe(result)
})
