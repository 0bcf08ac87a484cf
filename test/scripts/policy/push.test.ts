/** Bundles pushed to a real registry and to the directory of a real nginx, and fetched from there. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { resolvePart } from '../../../scripts/parts/resolve.ts'
import { writeBundle } from '../../../service/bundle/write-bundle.ts'
import { signerOf } from '../../../scripts/bundles/signing-key.ts'
import { policyHere } from '../../support/in-process.ts'
import { startNginx, type Nginx } from '../../support/nginx.ts'
import { describeWithParts } from '../../support/parts.ts'
import { freePort, startProgram } from '../../support/real-program.ts'
import { startRegistry, type OciRegistry } from '../../support/registry.ts'
import { writeKeyPair } from '../../support/signing-keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-push-'))
const run = (...given: string[]) => policyHere(given, folder)
const key = ['--key', 'k1=k1.pub']

function release(name: string, sequence: number, keyId = 'k1'): void {
  const files = new Map([['data.json', Buffer.from(`{"limits":{"sequence":${String(sequence)}}}`)]])
  const signer = signerOf({
    file: join(folder, `${keyId}.pem`),
    keyId,
    algorithm: undefined,
    scope: null,
  })
  writeFileSync(join(folder, name), writeBundle({ roots: ['limits'], sequence, files }, signer))
}

beforeAll(() => {
  writeKeyPair(folder, 'k1', 'ES256')
  writeKeyPair(folder, 'stranger', 'ES256')
  release('one.tar.gz', 1)
  release('two.tar.gz', 2)
  release('alien.tar.gz', 9, 'stranger')
})

describeWithParts('push to a registry', () => {
  let registry: OciRegistry
  let target = ''
  const internal = '--internal'
  beforeAll(async () => {
    registry = await startRegistry()
    target = `oci://${registry.host}/team/limits:latest`
  })
  afterAll(() => registry.stop())

  it('gives the bytes that were pushed, to us and to OPA', async () => {
    const pushed = await run('push', 'two.tar.gz', target, ...key, internal, '--json')
    expect(pushed).toMatchObject({ status: 0, stderr: '' })
    expect(pushed.json()).toMatchObject({
      pushed: true,
      sequence: 2,
      image: expect.stringMatching(/^sha256:/u),
    })
    const seen = await run('inspect', target, internal, '--json')
    expect(seen.json()).toMatchObject({
      bundles: [{ sequence: 2, digest: pushed.json()['digest'], signature: { key_id: 'k1' } }],
    })
    const image = `${target.replace(':latest', '')}@${String(pushed.json()['image'])}`
    expect(await run('inspect', target, internal, '--digest')).toMatchObject({
      ...{ status: 0, stdout: `${image}\n` },
    })
    expect(await run('verify', image, ...key, internal)).toMatchObject({ status: 0 })
    expect(await loadedByOpa(registry.host)).toContain('"sequence":2')
  })

  it('refuses to go backwards, and leaves the tag as it was', async () => {
    const { status, stdout } = await run('push', 'one.tar.gz', target, ...key, internal)
    expect({ status, stdout }).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('refused (sequence_backwards)'),
    })
    expect((await run('inspect', target, internal, '--json')).json()).toMatchObject({
      bundles: [{ sequence: 2 }],
    })
  })

  it('says by its exit code that a tag is not there', async () => {
    const nothing = `oci://${registry.host}/team/other:latest`
    expect(await run('inspect', nothing, internal, '--digest')).toEqual(
      expect.objectContaining({ status: 1, stdout: '', stderr: '' }),
    )
  })

  it('refuses what does not verify', async () => {
    const { status, stdout } = await run('push', 'alien.tar.gz', target, ...key, internal)
    expect({ status, stdout }).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('refused (signature_key_unknown)'),
    })
  })

  it('says in one line that a registry does not answer', async () => {
    const nobody = `oci://127.0.0.1:${String(await freePort())}/team/limits:latest`
    const { status, stderr } = await run('push', 'two.tar.gz', nobody, ...key, internal)
    expect(status).toBe(3)
    expect(stderr).toMatch(/^countersign: 127\.0\.0\.1:[^\n]+\n$/u)
  })

  /** OPA's own server, which downloads the image and verifies it with the same key. */
  async function loadedByOpa(host: string): Promise<string> {
    const port = await freePort()
    const config = {
      services: { registry: { url: `http://${host}`, type: 'oci' } },
      bundles: {
        limits: {
          service: 'registry',
          resource: `${host}/team/limits:latest`,
          signing: { keyid: 'k1' },
          polling: { min_delay_seconds: 1, max_delay_seconds: 1 },
        },
      },
      keys: { k1: { algorithm: 'ES256', key: readFileSync(join(folder, 'k1.pub'), 'utf8') } },
      persistence_directory: join(folder, 'opa'),
    }
    writeFileSync(join(folder, 'opa.json'), JSON.stringify(config))
    const opa = await startProgram(resolvePart('opa'), port, [
      'run',
      '--server',
      '--addr',
      `127.0.0.1:${String(port)}`,
      '--config-file',
      join(folder, 'opa.json'),
      '--disable-telemetry',
    ])
    try {
      for (let i = 0; i < 1000; i += 1) {
        const answer = await (await fetch(`http://127.0.0.1:${String(port)}/v1/data/limits`)).text()
        if (answer.includes('sequence')) return answer
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      return opa.output()
    } finally {
      await opa.stop()
    }
  }
})

describeWithParts('push to a directory that nginx serves', () => {
  let nginx: Nginx
  beforeAll(async () => {
    nginx = await startNginx()
  })
  afterAll(() => nginx.stop())

  it('is fetched as it was pushed; the older one and the strange one are refused', async () => {
    expect(
      await run('push', 'two.tar.gz', join(nginx.folder, 'limits.tar.gz'), ...key),
    ).toMatchObject({ status: 0 })
    const url = `${nginx.url}/limits.tar.gz`
    expect(await run('verify', url, '--internal', ...key)).toMatchObject({ status: 0 })
    for (const refused of ['one.tar.gz', 'alien.tar.gz'])
      expect((await run('push', refused, join(nginx.folder, 'limits.tar.gz'), ...key)).status).toBe(
        1,
      )
    const served = Buffer.from(await (await fetch(url)).arrayBuffer())
    expect(served.equals(readFileSync(join(folder, 'two.tar.gz')))).toBe(true)
    expect(readdirSync(nginx.folder)).toEqual(['limits.tar.gz'])
  })
})

it('takes the name of the bundle in a directory', async () => {
  mkdirSync(join(folder, 'shelf'))
  expect(await run('push', 'two.tar.gz', 'shelf', ...key)).toMatchObject({ status: 0 })
  expect(readdirSync(join(folder, 'shelf'))).toEqual(['two.tar.gz'])
})

it.each([
  ['no target', ['push', 'two.tar.gz', ...key], /Name a bundle and a target/u],
  [
    'a directory that is not there',
    ['push', 'two.tar.gz', 'nowhere', ...key],
    /there is no such directory/u,
  ],
  ['a URL', ['push', 'two.tar.gz', 'https://a.test/b', ...key], /push to oci:/u],
  [
    'a digest in the place of a tag',
    ['push', 'two.tar.gz', `oci://a.test/b@sha256:${'0'.repeat(64)}`, ...key],
    /write host\/repository:tag/u,
  ],
  ['the digest of a file', ['inspect', 'two.tar.gz', '--digest'], /only an image in a registry/u],
  [
    'a user without a password',
    ['push', 'two.tar.gz', 'oci://a.test/b:c', '--username', 'x', ...key],
    /--password-file/u,
  ],
])('%s is one line that says what to change', async (_name, given, said) => {
  const { status, stderr } = await policyHere(given, folder)
  expect(status).toBe(2)
  expect(stderr).toMatch(/^countersign: [^\n]+\n$/u)
  expect(stderr).toMatch(said)
})
