import { expect, test } from '@jest/globals'
import { call } from './call.ts'

// RFC 1321 section A.5, RFC 3174 section 7.3, FIPS 180-2 appendix B, RFC 4231 and RFC 2202 test case 2.
test.each([
  ['crypto.md5', ['"abc"'], '900150983cd24fb0d6963f7d28e17f72'],
  ['crypto.sha1', ['"abc"'], 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  ['crypto.sha256', ['"abc"'], 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'crypto.hmac.md5',
    ['"what do ya want for nothing?"', '"Jefe"'],
    '750c783e6ab0b503eaa86e310a5db738',
  ],
  [
    'crypto.hmac.sha1',
    ['"what do ya want for nothing?"', '"Jefe"'],
    'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
  ],
  [
    'crypto.hmac.sha256',
    ['"what do ya want for nothing?"', '"Jefe"'],
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    'crypto.hmac.sha512',
    ['"what do ya want for nothing?"', '"Jefe"'],
    '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
  ],
])('%s(%j) is what the standard says', async (name, operands, digest) => {
  expect(await call(name, ...operands)).toBe(`"${digest}"`)
})

test.each([
  ['crypto.sha256', ['1']],
  ['crypto.hmac.sha256', ['"text"', 'null']],
  ['crypto.hmac.equal', ['"text"', '["text"]']],
])('%s of %j is undefined', async (name, operands) => {
  expect(await call(name, ...operands)).toBe('undefined')
})

test.each([
  ['"é"', '"é"', 'true'],
  ['"abc"', '"abd"', 'false'],
  ['"abc"', '"ab"', 'false'],
  ['""', '""', 'true'],
])('crypto.hmac.equal(%s, %s) is %s', async (one, another, result) => {
  expect(await call('crypto.hmac.equal', one, another)).toBe(result)
})
