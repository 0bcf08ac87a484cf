/** base64url: each byte string has exactly one spelling, and every other one is refused. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decodeBase64url } from '../../service/statement/base64url.ts'

describe('spellings that are refused', () => {
  it.each([
    'a',
    'abcde',
    'AB',
    'AAB',
    '_x',
    'YQ==',
    'YQ=',
    'a b',
    'YQ\n',
    'ab+/',
    'YQ?',
    'é',
    '=',
    'AA\u0000A',
  ])('%j', (text) => {
    expect(decodeBase64url(text)).toBeNull()
  })
})

it('reads what Buffer writes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      expect(decodeBase64url(Buffer.from(bytes).toString('base64url'))).toEqual(bytes)
    }),
  )
})

it('what it reads, encoded again, is the same text', () => {
  const text = fc.string({ unit: fc.constantFrom(...'AQgwBZ_-z09=+/ '.split('')), maxLength: 12 })
  fc.assert(
    fc.property(text, (spelling) => {
      const bytes = decodeBase64url(spelling)
      if (bytes !== null) expect(Buffer.from(bytes).toString('base64url')).toBe(spelling)
    }),
    { numRuns: 2000 },
  )
})
