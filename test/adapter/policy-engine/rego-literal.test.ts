import { expect, test } from '@jest/globals'
import {
  parseLiteral,
  parseWritten,
  printJson,
  printLiteral,
} from '../../../service/adapter/policy-engine/rego-literal.ts'

test.each([
  '[1.0,1e2,0.10,-0.0,12345678901234567890.5]',
  '{[2],{"a":1.50}}',
  '{1:"x",1.5:set()}',
  '.5',
])('written numbers keep their text: %s', (text) => {
  expect(printLiteral(parseWritten(text))).toBe(text)
})

test('numbers that are written differently are one member of a set', () => {
  expect(printLiteral(parseWritten('{1.0,1,10e-1}'))).toMatch(/^\{[^,]+\}$/)
})

test('a string of any length is read', () => {
  const long = 'x"\\é'.repeat(1_000_000)
  expect(parseLiteral(JSON.stringify(long))).toBe(long)
})

test.each(['"', '"\\', '"a\\"', '"\\x"', '1.', '-', '01', '{1', '[1,', '{1:', 'set(', 'nul'])(
  'what is no value is refused: %s',
  (text) => {
    expect(() => parseLiteral(text)).toThrow(SyntaxError)
  },
)

test('in JSON sets are lists, and keys that are no strings their own text', () => {
  expect(printJson(parseWritten('{1.0:{2,1},"a":set()}'))).toBe('{"1.0":[1,2],"a":[]}')
})
