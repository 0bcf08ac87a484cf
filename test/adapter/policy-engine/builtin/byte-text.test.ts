import { expect, test } from '@jest/globals'
import { call } from './call.ts'

test.each([
  ['hex.encode', '"é"', '"c3a9"'],
  ['hex.decode', '"C3a9"', '"é"'],
  ['hex.decode', '""', '""'],
  ['hex.decode', '"c3a"', 'undefined'],
  ['hex.decode', '"c3 a9"', 'undefined'],
  ['hex.decode', '"c3a9\\n"', 'undefined'],
  ['hex.decode', '1', 'undefined'],
  ['base64url.encode_no_pad', '"a?>"', '"YT8-"'],
  ['base64url.encode_no_pad', '"a"', '"YQ"'],
  ['base64url.encode_no_pad', '{1}', 'undefined'],
])('%s(%s) is %s', async (name, operand, result) => {
  expect(await call(name, operand)).toBe(result)
})
