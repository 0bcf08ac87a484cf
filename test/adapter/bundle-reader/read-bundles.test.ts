import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeEach, expect, test } from '@jest/globals'
import type { CheckedActivation } from '../../../service/adapter/bundle-reader/read-bundles.ts'
import { readBundleDirectory } from '../../../service/adapter/bundle-reader/read-directory.ts'
import { writeBundle, writeDataBundle } from '../../../service/bundle/write-bundle.ts'
import { PdpError } from '../../../service/contract/error-code.ts'
import { key, signer } from '../../bundle/forge.ts'
import { reasonOfRejection } from '../../support/refusals.ts'
import { wasmOf } from '../policy-engine/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-bundles-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const registry = {
  servers: {},
  purposes: {},
  agents: {},
  groups: {},
  exceptions: [],
  parameters: {
    max_delegation_depth: 2,
    hold_facets: [],
    default_approval: { group: 'g', quorum: 1 },
    valid_seconds: 60,
    max_elicitation_text: 100,
    review_grace_seconds: 0,
    releasable: { input_response: [], result: [] },
  },
}
const policy = writeBundle(
  {
    roots: ['countersign'],
    sequence: 1,
    files: new Map([['policy.wasm', wasmOf('trials')]]),
    wasm: [{ entrypoint: 'countersign/decision', module: '/policy.wasm' }],
  },
  signer,
)
const registryBundle = (value: unknown): Uint8Array =>
  writeDataBundle({ registry: value }, { roots: ['registry'], sequence: 1 }, signer)

beforeEach(() => {
  rmSync(folder, { recursive: true })
  mkdirSync(folder)
})

function read(
  bundles: Readonly<Record<string, Uint8Array>>,
  pages?: number,
): Promise<CheckedActivation> {
  for (const [name, bytes] of Object.entries(bundles)) writeFileSync(join(folder, name), bytes)
  return readBundleDirectory(folder, [key], {
    now: 1_800_000_000,
    ...(pages === undefined ? {} : { maximumPages: pages }),
  })
}

test('all tarballs of the directory become one activation; other files are left alone', async () => {
  const activation = await read({
    'policy.tar.gz': policy,
    'registry.tar.gz': registryBundle(registry),
    'README.md': new Uint8Array(3),
    '.unfinished.tar.gz': new Uint8Array(3),
  })
  expect(activation.registry).toEqual(registry)
  expect(activation.bundles).toHaveLength(2)
  expect(activation.policy.revision).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(activation.wasm).toEqual(new Uint8Array(wasmOf('trials')))
})

test('a registry that breaks its schema is refused, with every fault and its place', async () => {
  const broken = {
    ...registry,
    exceptions: {},
    parameters: { ...registry.parameters, valid_seconds: 0, surplus: 1 },
  }
  const refused = read({ 'policy.tar.gz': policy, 'registry.tar.gz': registryBundle(broken) })
  const error: unknown = await refused.catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(PdpError)
  const faults = (error as PdpError).faults
  expect(faults[0]).toEqual({ pointer: 'registry', reason: 'registry' })
  const places = faults
    .slice(1)
    .map((fault) => fault.pointer)
    .sort()
  expect(places).toEqual(['/exceptions', '/parameters/surplus', '/parameters/valid_seconds'])
})

test.each<readonly [string, Readonly<Record<string, Uint8Array>>, string]>([
  ['no bundle', {}, 'no_bundles'],
  ['no registry', { 'policy.tar.gz': policy }, 'registry'],
  ['no policy', { 'registry.tar.gz': registryBundle(registry) }, 'policy_count'],
  [
    'a registry that is no object',
    { 'p.tar.gz': policy, 'r.tar.gz': registryBundle([]) },
    'registry',
  ],
  [
    'a file that is no gzip',
    { 'p.tar.gz': policy, 'r.tar.gz': new TextEncoder().encode('hello') },
    'not_gzip',
  ],
  ['a gzip that is cut off', { 'p.tar.gz': policy.subarray(0, 5000) }, 'not_gzip'],
  ['a gzip of something else', { 'p.tar.gz': gzipSync('hello') }, 'not_tar'],
  ['a gzip bomb', { 'p.tar.gz': gzipSync(new Uint8Array(64 * 1024 * 1024)) }, 'too_large'],
  [
    'a bundle that is right beside one that is not',
    { 'p.tar.gz': policy, 'r.tar.gz': registryBundle(registry), 'z.tar.gz': gzipSync('') },
    'not_tar',
  ],
])('%s is refused', async (_what, bundles, reason) => {
  expect(await reasonOfRejection(read(bundles))).toBe(reason)
})

test('a tarball that is too large is refused before it is read', async () => {
  expect(await reasonOfRejection(read({ 'p.tar.gz': new Uint8Array(33 * 1024 * 1024) }))).toBe(
    'too_large',
  )
})

test('a policy that needs more memory than it may have is refused', async () => {
  const bundles = { 'policy.tar.gz': policy, 'registry.tar.gz': registryBundle(registry) }
  expect(await reasonOfRejection(read(bundles, 1))).toBe('memory')
})

test('a directory that is not there is refused, and a tarball that is a directory', async () => {
  expect(await reasonOfRejection(readBundleDirectory(join(folder, 'none'), [key]))).toBe(
    'unreadable',
  )
  mkdirSync(join(folder, 'd.tar.gz'))
  expect(await reasonOfRejection(read({}))).toBe('unreadable')
})

test('a refusal names the bundle', async () => {
  await expect(read({ 'mine.tar.gz': gzipSync('x') })).rejects.toThrow(/mine\.tar\.gz/)
})

test.each([
  [
    'a class that is no part and names no fields',
    { health: { keep_days: 3 } },
    /health: this is none of arguments.*"arguments\/health"/u,
  ],
  [
    'a part with fields',
    { names: { fields: ['arguments/x'], keep_days: 3 } },
    /names\/fields: a part/u,
  ],
  [
    'a field that leads nowhere',
    { x: { fields: ['names/sub'], keep_days: 3 } },
    /"names\/sub" leads nowhere/u,
  ],
  ['a part as field', { x: { fields: ['arguments'], keep_days: 3 } }, /"arguments" leads nowhere/u],
  [
    'a field of two classes',
    { x: { fields: ['arguments/a'], keep_days: 3 }, y: { fields: ['arguments/a'], keep_days: 4 } },
    /of the class x already/u,
  ],
  [
    'the name of whole records',
    { record: { fields: ['arguments/a'], keep_days: 3 } },
    /take another/u,
  ],
  ['no time', { names: { keep_days: 0 } }, /keep_days/u],
  [
    'another spelling',
    { 'Ward 7': { fields: ['arguments/a'], keep_days: 3 } },
    /privacy\/classes/u,
  ],
])('what is said of classes is refused with its place: %s', async (_name, classes, said) => {
  const bundle = registryBundle({ ...registry, privacy: { classes } })
  const reading = read({ 'policy.tar.gz': policy, 'registry.tar.gz': bundle })
  await expect(reading).rejects.toThrow(said)
})
