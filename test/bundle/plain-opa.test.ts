import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { readBundleKeys } from '../../service/adapter/bundle-reader/bundle-keys.ts'
import { readBundleFile } from '../../service/adapter/bundle-reader/read-directory.ts'
import { jsonText } from '../../service/bundle/json-text.ts'
import { writeDataBundle, type BundleSigner } from '../../service/bundle/write-bundle.ts'
import type { BundleKey } from '../../service/contract/config.ts'
import { runOpa, testWithOpa } from '../support/opa.ts'
import { startJudging } from '../support/policy-engine.ts'
import { reasonOfRejection } from '../support/refusals.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-bundle-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

type Algorithm = BundleKey['algorithm']

const pairs = {
  EdDSA: generateKeyPairSync('ed25519'),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  PS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
}
const algorithms = Object.keys(pairs) as Algorithm[]
for (const name of algorithms) {
  writeFileSync(
    join(folder, `${name}.pub`),
    pairs[name].publicKey.export({ type: 'spki', format: 'pem' }),
  )
  writeFileSync(
    join(folder, `${name}.key`),
    pairs[name].privateKey.export({ type: 'pkcs8', format: 'pem' }),
  )
}

const configOf = (algorithm: Algorithm): BundleKey => ({
  id: 'k1',
  algorithm,
  public_key_file: join(folder, `${algorithm}.pub`),
})
const signerOf = (key: KeyObject): BundleSigner => ({
  keyId: 'k1',
  algorithm: 'EdDSA',
  scope: null,
  sign: (input) => sign(null, input, key),
})

const data = { registry: { 'é\u2028😀': [1.5, 1e21, -0, null, true, '\ud83d\ude00 <&>'], zero: 0 } }
const about = { roots: ['registry'], sequence: 3 }

/** Loads a bundle into OPA's own REPL, which verifies it, and asks for all data. */
function load(bundle: string, ...key: readonly string[]): ReturnType<typeof runOpa> {
  return runOpa(['run', '-b', bundle, ...key], folder, 'data.registry\n')
}

const verifyWith = (algorithm: string): string[] => [
  '--verification-key',
  join(folder, `${algorithm}.pub`),
  '--verification-key-id',
  'k1',
  '--signing-alg',
  algorithm,
]

test('what our writer makes, our reader takes, and twice the same is the same', async () => {
  const bytes = writeDataBundle(data, about, signerOf(pairs.EdDSA.privateKey))
  expect(bytes).toEqual(writeDataBundle(data, about, signerOf(pairs.EdDSA.privateKey)))
  writeFileSync(join(folder, 'own.tar.gz'), bytes)
  const bundle = await readBundleFile(
    join(folder, 'own.tar.gz'),
    readBundleKeys([configOf('EdDSA')], 'production'),
  )
  expect(bundle).toMatchObject({ sequence: 3, roots: ['registry'], wasm: null })
  expect(JSON.parse(jsonText(bundle.data))).toEqual(JSON.parse(JSON.stringify(data)))
})

testWithOpa('plain OPA verifies and loads what our writer makes', () => {
  writeFileSync(
    join(folder, 'ours.tar.gz'),
    writeDataBundle(data, about, signerOf(pairs.EdDSA.privateKey)),
  )
  expect(load('ours.tar.gz', ...verifyWith('EdDSA')).printed).toContain('"zero": 0')
})

testWithOpa('plain OPA refuses it with another key: it does verify', () => {
  const stranger = generateKeyPairSync('ed25519').privateKey
  writeFileSync(join(folder, 'forged.tar.gz'), writeDataBundle(data, about, signerOf(stranger)))
  const { status, printed } = load('forged.tar.gz', ...verifyWith('EdDSA'))
  expect(status).not.toBe(0)
  expect(printed).toContain('failed to verify')
})

testWithOpa.each(algorithms)(
  'a bundle that OPA signed with %s is read, and only with its key',
  async (algorithm) => {
    const source = join(folder, `source-${algorithm}`)
    mkdirSync(join(source, 'registry'), { recursive: true })
    writeFileSync(join(source, 'registry', 'data.json'), '{"n": 1.50, "é\u2028": [1e3]}')
    writeFileSync(
      join(source, '.manifest'),
      '{"revision": "r9", "roots": ["registry"], "metadata": {"sequence": 9}}',
    )
    const out = join(folder, `opa-${algorithm}.tar.gz`)
    const built = runOpa(
      [
        'build',
        '-b',
        '.',
        '-o',
        out,
        '--signing-alg',
        algorithm,
        '--signing-key',
        join(folder, `${algorithm}.key`),
        '--verification-key-id',
        'k1',
      ],
      source,
    )
    expect(built.printed).toBe('')
    const bundle = await readBundleFile(out, readBundleKeys([configOf(algorithm)], 'production'))
    expect(bundle).toMatchObject({ revision: 'r9', sequence: 9, roots: ['registry'] })
    expect(jsonText(bundle.data)).toBe('{"registry":{"n":1.50,"é\\u2028":[1e3]}}')
    const other = algorithm === 'EdDSA' ? 'ES256' : 'EdDSA'
    expect(
      await reasonOfRejection(readBundleFile(out, readBundleKeys([configOf(other)], 'production'))),
    ).toBe('signature_algorithm')
  },
)

const bundled = (file: string): string => new URL(`../../bundles/${file}`, import.meta.url).pathname
const development = [
  ...['--verification-key', bundled('development-key/public.pem')],
  ...['--verification-key-id', 'development', '--signing-alg', 'EdDSA'],
]

testWithOpa.each(['registry', 'policy'])('plain OPA verifies bundles/%s.tar.gz', (name) => {
  const tarball = bundled(`${name}.tar.gz`)
  expect(load(tarball, ...development)).toMatchObject({ status: 0 })
  const other = ['--verification-key', join(folder, 'EdDSA.pub'), ...development.slice(2)]
  expect(load(tarball, ...other).printed).toContain('failed to verify')
})

testWithOpa(
  'plain OPA verifies what is shipped, runs it, and decides as the engine does',
  async () => {
    const { judge, inputOf, queries, close } = await startJudging()
    try {
      const tarballs = ['policy', 'registry'].flatMap((name) => ['-b', bundled(`${name}.tar.gz`)])
      // Only `run` verifies; with bundles it takes no input.
      expect(
        runOpa(['run', ...tarballs, ...development], folder, 'data.countersign\n').printed,
      ).toContain('"purpose.missing"')
      for (const query of [queries.permit, queries.deny, queries.hold]) {
        const input = await inputOf(query)
        writeFileSync(join(folder, 'input.json'), JSON.stringify(input))
        const given = ['eval', ...tarballs, '-i', 'input.json', 'data.countersign.decision']
        const { printed } = runOpa(given, folder)
        expect(JSON.parse(printed)).toMatchObject({
          result: [{ expressions: [{ value: await judge(input) }] }],
        })
      }
    } finally {
      await close()
    }
  },
)
