import { expect, test } from '@jest/globals'
import { call } from './call.ts'

const long = JSON.stringify(`${'a'.repeat(30_000)}b`)

// A matcher that tries one way after the other would not come back within the age of the world.
test.each(['(a*)*c', '(a+)+c', '(a|aa)+c', '(.*)(.*)(.*)(.*)(.*)x'])(
  'no pattern of policy can be made to search for ever: %s',
  async (pattern) => {
    const written = JSON.stringify(pattern)
    expect(await call('regex.find_n', written, long, '1')).toBe('[]')
    expect(await call('regex.replace', long, written, '""')).toBe(long)
  },
)

test('globs of many stars are compared position by position, not way by way', async () => {
  const [a, b] = ['.*a'.repeat(200), '.*b'.repeat(200)].map((glob) => JSON.stringify(glob))
  expect(await call('regex.globs_match', a!, b!)).toBe('false')
  expect(await call('regex.globs_match', a!, a!)).toBe('true')
})

test.each(['(?=a)', '(?<=a)', '\\1', '(?<n>a)(?<n>b)', 'a{1001}', '('])(
  'what RE2 has not is undefined: %s',
  async (pattern) => {
    expect(await call('regex.find_n', JSON.stringify(pattern), '"aab"', '-1')).toBe('undefined')
  },
)

test('more patterns than are kept are each themselves', async () => {
  for (let i = 0; i < 250; i += 1)
    expect(await call('regex.find_n', `"x${i % 125}y"`, `"x${i % 125}y"`, '1')).toBe(
      `["x${i % 125}y"]`,
    )
})
