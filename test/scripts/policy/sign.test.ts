/** Bundles signed, verified and looked into by the real commands, and by plain OPA in turn. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { writeUnsigned } from '../../../service/bundle/write-bundle.ts'
import { policy } from '../../support/command.ts'
import { policyHere } from '../../support/in-process.ts'
import { runOpa, testWithOpa } from '../../support/opa.ts'
import { algorithms, writeKeyPair, type Algorithm } from '../../support/signing-keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-sign-'))
const released = join(import.meta.dirname, '../../../bundles')
const developmentKey = `development=${join(released, 'development-key/public.pem')}`
const run = (...given: string[]) => policyHere(given, folder)

function writeData(name: string, sequence: number): void {
  const files = new Map([['data.json', Buffer.from('{"limits":{"calls":1.50}}')]])
  writeFileSync(join(folder, name), writeUnsigned({ roots: ['limits'], sequence, files }))
}

beforeAll(() => {
  for (const algorithm of algorithms) writeKeyPair(folder, algorithm, algorithm)
  writeData('plain.tar.gz', 4)
})

const wantedOf = (algorithm: Algorithm): string =>
  algorithm === 'PS256' ? `k1=PS256.pub,PS256` : `k1=${algorithm}.pub`

describe('sign and verify', () => {
  testWithOpa.each(algorithms)('%s: verified here, and by plain OPA', async (algorithm) => {
    const out = `${algorithm}.tar.gz`
    const chosen = ['--algorithm', algorithm]
    const signed = await run(
      'sign',
      'plain.tar.gz',
      '--key',
      `${algorithm}.pem`,
      '--key-id',
      'k1',
      ...chosen,
      '-o',
      out,
    )
    expect(signed).toMatchObject({ status: 0, stderr: '' })
    expect(await run('verify', out, '--key', wantedOf(algorithm))).toMatchObject({ status: 0 })
    const opa = ['--verification-key-id', 'k1', '--signing-alg', algorithm, '--verification-key']
    const loaded = runOpa(['run', '-b', out, ...opa, `${algorithm}.pub`], folder, 'data.limits\n')
    expect(loaded.printed).toContain('"calls": 1.5')
    const other = algorithm === 'ES256' ? 'EdDSA' : 'ES256'
    const refused = await run('verify', out, '--key', `k1=${other}.pub`, '--json')
    expect(refused.status).toBe(1)
    expect(refused.json()).toMatchObject({
      ok: false,
      refused: [{ reason: 'signature_algorithm' }],
    })
  })

  testWithOpa('what plain OPA signed verifies, and what it left unsigned is signed', async () => {
    const source = join(folder, 'source')
    mkdirSync(join(source, 'limits'), { recursive: true })
    writeFileSync(join(source, 'limits/data.json'), '{"calls": 2}')
    writeFileSync(
      join(source, '.manifest'),
      '{"revision": "r1", "roots": ["limits"], "metadata": {"sequence": 7}}',
    )
    const key = [
      '--signing-key',
      '../ES256.pem',
      '--signing-alg',
      'ES256',
      '--verification-key-id',
      'k1',
    ]
    expect(runOpa(['build', '-b', '.', '-o', '../opa.tar.gz', ...key], source).printed).toBe('')
    expect(await run('verify', 'opa.tar.gz', '--key', 'k1=ES256.pub')).toMatchObject({ status: 0 })
    runOpa(['build', '-b', '.', '-o', '../unsigned.tar.gz'], source)
    expect(
      (await run('verify', 'unsigned.tar.gz', '--key', 'k1=ES256.pub', '--json')).json(),
    ).toMatchObject({ refused: [{ reason: 'unsigned' }] })
    const out = ['-o', 'own.tar.gz']
    expect(
      await run('sign', 'unsigned.tar.gz', '--key', 'EdDSA.pem', '--key-id', 'k2', ...out),
    ).toMatchObject({ status: 0 })
    expect(
      (await run('verify', 'own.tar.gz', '--key', 'k2=EdDSA.pub', '--json')).json(),
    ).toMatchObject({ ok: true, bundles: [{ revision: 'r1', sequence: 7, signed_by: 'k2' }] })
  })

  it('a key that signs always alike gives the same bytes, and signs in place', async () => {
    copyFileSync(join(folder, 'plain.tar.gz'), join(folder, 'again.tar.gz'))
    const key = ['--key', 'EdDSA.pem', '--key-id', 'k1']
    await run('sign', 'again.tar.gz', ...key, '-o', 'again.tar.gz')
    const once = readFileSync(join(folder, 'again.tar.gz'))
    const twice = await run('sign', 'again.tar.gz', ...key, '-o', 'again.tar.gz', '--json')
    expect(twice.json()).toMatchObject({ replaced: true, algorithm: 'EdDSA', sequence: 4 })
    expect(readFileSync(join(folder, 'again.tar.gz')).equals(once)).toBe(true)
  })

  it('starts the policy of the repository, beside its registry, as the service would', async () => {
    const answer = await run('verify', released, '--key', developmentKey, '--json')
    expect(answer.status).toBe(0)
    expect(answer.json()).toMatchObject({
      ok: true,
      bundles: [{ signed_by: 'development' }, { roots: ['registry'] }],
    })
  })

  it('says every refusal, each by its reason', async () => {
    const bytes = Buffer.from(readFileSync(join(released, 'registry.tar.gz')))
    writeFileSync(join(folder, 'cut.tar.gz'), bytes.subarray(0, bytes.length / 2))
    const answer = await run(
      'verify',
      'plain.tar.gz',
      'cut.tar.gz',
      join(released, 'registry.tar.gz'),
      '--key',
      'k1=EdDSA.pub',
      '--json',
    )
    expect(answer.status).toBe(1)
    expect(answer.json()).toMatchObject({
      refused: [
        { reason: 'unsigned' },
        { reason: 'not_gzip' },
        { reason: 'signature_key_unknown' },
      ],
    })
  })

  it('refuses a sequence below that of the bundle before', async () => {
    const key = ['--key', 'EdDSA.pem', '--key-id', 'k1']
    writeData('older.tar.gz', 3)
    await run('sign', 'plain.tar.gz', ...key, '-o', 'new.tar.gz')
    await run('sign', 'older.tar.gz', ...key, '-o', 'old.tar.gz')
    const verified = (bundle: string, previous: string) =>
      run('verify', bundle, '--previous', previous, '--key', 'k1=EdDSA.pub')
    expect((await verified('old.tar.gz', 'new.tar.gz')).stdout).toContain(
      'refused (sequence_backwards)',
    )
    expect(await verified('new.tar.gz', 'old.tar.gz')).toMatchObject({ status: 0 })
    expect(await verified('new.tar.gz', 'new.tar.gz')).toMatchObject({ status: 0 })
  })
})

describe('inspect', () => {
  it('shows a signed policy: manifest, signer, entrypoints, files and where each rule stands', async () => {
    const answer = await run('inspect', join(released, 'policy.tar.gz'), '--json')
    expect(answer.status).toBe(0)
    expect(answer.json()).toMatchObject({
      bundles: [
        {
          roots: ['countersign'],
          signature: { key_id: 'development', algorithm: 'EdDSA', scope: null },
          entrypoints: ['countersign/decision'],
          rules: {
            'purpose.missing': { file: 'rego/countersign/rule/purpose/missing/missing.rego' },
          },
        },
      ],
    })
  })

  it('shows what nobody signed', async () => {
    const { stdout } = await run('inspect', 'plain.tar.gz')
    expect(stdout).toContain('signed by    nobody')
    expect(stdout).toContain('data         limits: calls')
  })
})

describe('bad input gets one line that says what to change, and nothing is written', () => {
  const signing = (...changed: string[]) => [
    'sign',
    'plain.tar.gz',
    '--key-id',
    'k1',
    '-o',
    'out.tar.gz',
    ...changed,
  ]
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no bundle', ['sign'], /Name a bundle to sign/u],
    ['two bundles', ['sign', 'a', 'b'], /too many arguments/u],
    ['no key', signing(), /Name the private key with --key/u],
    ['a public key', signing('--key', 'EdDSA.pub'), /EdDSA\.pub holds no private key/u],
    ['a key that is a folder', signing('--key', '.'), /it is a directory; name a private key/u],
    [
      'a key that is not there',
      signing('--key', 'none.pem'),
      /there is no such file; name a private key/u,
    ],
    [
      'an algorithm of another key',
      signing('--key', 'EdDSA.pem', '--algorithm', 'ES256'),
      /the key is for EdDSA, not for ES256/u,
    ],
    [
      'a bundle that is not there',
      ['sign', 'none', '--key', 'EdDSA.pem', '--key-id', 'k', '-o', 'o'],
      /none: there is no such file/u,
    ],
    [
      'a bundle that is no archive',
      ['sign', 'EdDSA.pem', '--key', 'EdDSA.pem', '--key-id', 'k', '-o', 'o'],
      /no gzip archive/u,
    ],
    [
      'an output in no folder',
      ['sign', 'plain.tar.gz', '--key', 'EdDSA.pem', '--key-id', 'k', '-o', 'no/o'],
      /cannot be written/u,
    ],
    ['a key without an id', ['verify', 'plain.tar.gz', '--key', 'EdDSA.pub'], /write <id>=<file>/u],
    [
      'a private key to verify with',
      ['verify', 'plain.tar.gz', '--key', 'k1=EdDSA.pem'],
      /is a private key/u,
    ],
    ['no key to verify with', ['verify', 'plain.tar.gz'], /Name a key that may have signed/u],
    [
      'one id twice',
      ['verify', 'plain.tar.gz', '--key', 'k=EdDSA.pub', '--key', 'k=ES256.pub'],
      /two keys have this id/u,
    ],
    ['a folder without bundles', ['inspect', 'source-none'], /there is no such file/u],
  ]
  it.each(cases)('%s', async (_name, given, said) => {
    const { status, stdout, stderr } = await policyHere(given, folder)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/^countersign: [^\n]+\n$/u)
    expect(stderr).toMatch(said)
    expect(readdirSync(folder).filter((name) => /part$|^o$|^out/u.test(name))).toEqual([])
  })

  it('a disk that takes no more leaves what was there before', async () => {
    copyFileSync(join(released, 'policy.tar.gz'), join(folder, 'large.tar.gz'))
    const before = readFileSync(join(folder, 'large.tar.gz'))
    const given = [
      'sign',
      'large.tar.gz',
      '--key',
      'EdDSA.pem',
      '--key-id',
      'k',
      '-o',
      'large.tar.gz',
    ]
    const { status, stderr } = await policy(given, { folder, limit: 'ulimit -f 20' })
    expect(status).toBe(3)
    expect(stderr).toMatch(
      /^countersign: large\.tar\.gz cannot be written: [^\n]+ make room[^\n]+\n$/u,
    )
    expect(readFileSync(join(folder, 'large.tar.gz')).equals(before)).toBe(true)
    expect(readdirSync(folder).filter((name) => name.endsWith('part'))).toEqual([])
  })
})
