import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { readBundleKeys } from '../../../service/adapter/bundle-reader/bundle-keys.ts'
import type { BundleKey } from '../../../service/contract/config.ts'
import { PdpError } from '../../../service/contract/error-code.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-keys-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const development = new URL('../../../bundles/development-key/public.pem', import.meta.url).pathname
const ed = generateKeyPairSync('ed25519')

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const pem = (pair: { readonly publicKey: KeyObject }): string =>
  pair.publicKey.export({ type: 'spki', format: 'pem' })
const config = (algorithm: BundleKey['algorithm'], path: string): BundleKey => ({
  id: 'k',
  algorithm,
  public_key_file: path,
})

/** Why the one key cannot be used; null if it can. */
function reasonOf(
  key: BundleKey,
  mode: 'production' | 'development' = 'production',
): string | null {
  try {
    readBundleKeys([key], mode)
    return null
  } catch (error) {
    return error instanceof PdpError && error.code === 'config_invalid'
      ? error.faults[0]!.reason
      : String(error)
  }
}

test('production refuses the development key, under whatever name and however it is written', () => {
  const rewritten = file(
    'copy.pem',
    `\n${readFileSync(development, 'utf8').replaceAll('\n', '\r\n')}`,
  )
  expect(reasonOf(config('EdDSA', development))).toContain('development key')
  expect(reasonOf({ ...config('EdDSA', rewritten), id: 'prod-2026' })).toContain('development key')
  expect(reasonOf(config('EdDSA', development), 'development')).toBeNull()
})

test.each<readonly [string, BundleKey, string]>([
  ['a file that is not there', config('EdDSA', join(folder, 'none')), 'no public key'],
  ['a file that is no key', config('EdDSA', file('text', 'hello')), 'no public key'],
  [
    'a private key',
    config('EdDSA', file('private', ed.privateKey.export({ type: 'pkcs8', format: 'pem' }))),
    'no public key',
  ],
  ['an Ed25519 key for ECDSA', config('ES256', file('ed', pem(ed))), 'not one for ES256'],
  [
    'a key of another curve',
    config('ES256', file('p384', pem(generateKeyPairSync('ec', { namedCurve: 'P-384' })))),
    'not one for ES256',
  ],
  [
    'an RSA key that is too short',
    config('RS256', file('rsa', pem(generateKeyPairSync('rsa', { modulusLength: 1024 })))),
    'too weak',
  ],
  [
    'an RSA key for EdDSA',
    config('EdDSA', file('rsa2', pem(generateKeyPairSync('rsa', { modulusLength: 2048 })))),
    'not one for EdDSA',
  ],
])('%s is refused', (_what, key, reason) => {
  expect(reasonOf(key)).toContain(reason)
})

test('all faults are reported at once, each with its place', () => {
  const keys = [
    config('EdDSA', development),
    config('EdDSA', file('ok', pem(ed))),
    config('RS256', 'none'),
  ]
  expect(() => readBundleKeys(keys, 'production')).toThrow(/keys\/0: .*\n.*keys\/2: /)
})

test('a signature verifies with its key, and with no bit of it changed', () => {
  const [key] = readBundleKeys([config('EdDSA', file('ok', pem(ed)))], 'production')
  const input = new TextEncoder().encode('a.b')
  const signature = sign(null, input, ed.privateKey)
  expect(key!.verify(input, signature)).toBe(true)
  expect(key!.verify(input, signature.subarray(1))).toBe(false)
  expect(key!.verify(new TextEncoder().encode('a.c'), signature)).toBe(false)
})
