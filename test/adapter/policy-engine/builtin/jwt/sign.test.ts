import {
  constants,
  generateKeyPairSync,
  createPrivateKey,
  createPublicKey,
  verify,
} from 'node:crypto'
import { expect, test } from '@jest/globals'
import { algorithms } from '../../../../../service/adapter/policy-engine/builtin/jwt/algorithm.ts'
import { signatureOf } from '../../../../../service/adapter/policy-engine/builtin/jwt/sign.ts'
import { BuiltinError } from '../../../../../service/adapter/policy-engine/rego-value.ts'

const base64url = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url')

// RFC 6979 sections A.2.5 to A.2.7, message "sample".
test.each([
  [
    'ES256',
    {
      crv: 'P-256',
      d: 'C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721',
      x: '60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6',
      y: '7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299',
    },
    'EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8',
  ],
  [
    'ES384',
    {
      crv: 'P-384',
      d: '6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5',
      x: 'EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64DEF8F0EA9055866064A254515480BC13',
      y: '8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1288B231C3AE0D4FE7344FD2533264720',
    },
    '94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE4699EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8',
  ],
])('%s is deterministic, as RFC 6979 has it', (name, key, signature) => {
  const { crv, d, x, y } = key
  const jwk = { kty: 'EC', crv, d: base64url(d), x: base64url(x), y: base64url(y) }
  const made = signatureOf(
    algorithms.get(name)!,
    createPrivateKey({ key: jwk, format: 'jwk' }),
    'sample',
    'any seed',
  )
  expect(made.toString('hex').toUpperCase()).toBe(signature)
})

test.each([
  [1024, 'PS256'],
  [1025, 'PS256'],
  [1031, 'PS384'],
  [1032, 'PS384'],
  [1033, 'PS384'],
  [2048, 'PS512'],
])('a key of %i bits signs %s as RFC 8017 has it, the same for the same seed', (bits, name) => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  const algorithm = algorithms.get(name)!
  const [one, same, other] = ['a', 'a', 'b'].map((seed) =>
    signatureOf(algorithm, privateKey, 'signed', seed),
  )
  const options = {
    key: createPublicKey(privateKey),
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  }
  expect(verify(algorithm.hash, Buffer.from('signed'), options, one!)).toBe(true)
  expect(verify(algorithm.hash, Buffer.from('signed'), options, other!)).toBe(true)
  expect(same).toEqual(one)
  expect(other).not.toEqual(one)
})

test.each([
  [
    'RSA of 1024 bits and a salt of 512',
    'PS512',
    () => generateKeyPairSync('rsa', { modulusLength: 1024 }),
  ],
  ['RSA of 512 bits', 'RS256', () => generateKeyPairSync('rsa', { modulusLength: 512 })],
  ['Ed25519', 'ES256', () => generateKeyPairSync('ed25519')],
  ['P-256', 'EdDSA', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ['P-256', 'RS256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ['RSA', 'HS256', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
])('a key of %s does not sign %s', (_what, name, generate) => {
  const { privateKey } = generate()
  expect(() => signatureOf(algorithms.get(name)!, privateKey, 'signed', '')).toThrow(BuiltinError)
})
