/** A set that is read in a thread of its own is the set that would have been read here, or is refused as it would have been. */
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import {
  bundleKeyOf,
  readConfiguredKeys,
} from '../../../service/adapter/bundle-reader/bundle-keys.ts'
import { readBundles } from '../../../service/adapter/bundle-reader/read-bundles.ts'
import { readInThread } from '../../../service/adapter/bundle-reader/read-in-thread.ts'
import type { ReadRequest } from '../../../service/adapter/bundle-reader/read-set.ts'
import { jsonText } from '../../../service/bundle/json-text.ts'
import type { Tarball } from '../../../service/port/bundle-source.ts'
import { writeKeyPair } from '../../support/signing-keys.ts'

const bundles = join(import.meta.dirname, '../../../bundles')
const [keys, strangers] = [
  keysOf('development', 'EdDSA', join(bundles, 'development-key/public.pem')),
  keysOf('stranger', 'ES256', strangerKey()),
]
const tarballs: readonly Tarball[] = ['policy', 'registry'].map((name) => ({
  name,
  bytes: readFileSync(join(bundles, `${name}.tar.gz`)),
}))
const now = Math.floor(Date.now() / 1000)
const asked: ReadRequest = { tarballs, keys, options: { now }, isBackground: true }

function keysOf(id: string, algorithm: 'EdDSA' | 'ES256', file: string) {
  return readConfiguredKeys([{ id, algorithm, public_key_file: file }], 'development')
}

function strangerKey(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-reader-'))
  writeKeyPair(folder, 'stranger', 'ES256')
  return join(folder, 'stranger.pub')
}

async function failure(request: ReadRequest): Promise<unknown> {
  return readInThread(request).then(
    () => null,
    (error: unknown) => error,
  )
}

it('gives the same policy, data and registry, and leaves the tarballs whole', async () => {
  const here = await readBundles(tarballs, keys.map(bundleKeyOf), { now })
  const { policy, wasm, data, registry, rules, bundles: read } = await readInThread(asked)
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()
  expect({ policy, rules }).toEqual({ policy: here.policy, rules: here.rules })
  expect(Buffer.compare(wasm, here.wasm)).toBe(0)
  expect(text(data)).toBe(jsonText(here.data))
  expect(JSON.parse(text(registry))).toEqual(here.registry)
  expect(read.map(({ signedBy, digest }) => ({ signedBy, digest }))).toEqual(
    here.bundles.map(({ signedBy, digest }) => ({ signedBy, digest })),
  )
  expect(tarballs.every(({ bytes }) => bytes.length > 0)).toBe(true)
})

it.each<readonly [string, Partial<ReadRequest>, string]>([
  ['signed by a stranger', { keys: strangers }, 'signature_key_unknown'],
  ['without a registry', { tarballs: tarballs.slice(0, 1) }, 'registry'],
  ['that is none', { tarballs: [{ name: 'x', bytes: Buffer.from('x') }] }, 'not_gzip'],
])('a set %s is refused with the same reason and words', async (_name, change, reason) => {
  const request = { ...asked, ...change }
  const here = readBundles(request.tarballs, request.keys.map(bundleKeyOf), { now })
  const expected = (await here.then(
    () => null,
    (error: unknown) => error,
  )) as Error
  expect(await failure(request)).toMatchObject({
    ...{ code: 'bundle_refused', message: expected.message },
    faults: [expect.objectContaining({ reason })],
  })
})

it('what goes wrong otherwise is an error, and never a set', async () => {
  const broken = { ...asked, tarballs: [{ name: 'x', bytes: null }] } as unknown as ReadRequest
  expect(await failure(broken)).toMatchObject({ name: 'TypeError' })
})
