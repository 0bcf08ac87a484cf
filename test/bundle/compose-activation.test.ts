import { expect, test } from '@jest/globals'
import { composeActivation } from '../../service/bundle/compose-activation.ts'
import { jsonText } from '../../service/bundle/json-text.ts'
import type { Bundle } from '../../service/bundle/read-bundle.ts'
import { forge, read, reasonOf } from './forge.ts'

/** A module of nothing but a memory import of so many pages. */
const moduleOf = (pages: number): Uint8Array =>
  Uint8Array.from([
    0x00,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    2,
    15,
    1,
    3,
    ...Buffer.from('env'),
    6,
    ...Buffer.from('memory'),
    2,
    0,
    pages,
  ])

function policyBundle(over: object = {}, pages = 2): Bundle {
  const wasm = [{ entrypoint: 'countersign/decision', module: '/policy.wasm' }]
  const manifest = {
    revision: 'p1',
    roots: ['countersign'],
    metadata: { sequence: 1 },
    wasm,
    ...over,
  }
  return read(
    forge({
      files: { 'policy.wasm': moduleOf(pages), 'data.json': '{"countersign":{"n":1.0}}' },
      manifest,
    }),
  )
}

function dataBundle(root: string, data: string): Bundle {
  return read(
    forge({
      files: { 'data.json': data },
      manifest: { revision: `${root}1`, roots: [root], metadata: { sequence: 1 } },
    }),
  )
}

const registry = dataBundle('registry', '{"registry":{"a":1}}')

test('the data of all bundles is one, and the policy bundle gives the revision', () => {
  const activation = composeActivation(
    [registry, policyBundle({ metadata: { sequence: 1, raw_authzen: true } })],
    64,
  )
  expect(jsonText(activation.data)).toBe('{"countersign":{"n":1.0},"registry":{"a":1}}')
  expect(activation).toMatchObject({
    entrypoint: 'countersign/decision',
    rawAuthzen: true,
    policy: { revision: 'p1' },
  })
})

test('the digest names the set of bundles, in whatever order they are read', () => {
  const policy = policyBundle()
  const digest = composeActivation([policy, registry], 64).policy.digest
  expect(composeActivation([registry, policy], 64).policy.digest).toBe(digest)
  expect(
    composeActivation([policy, dataBundle('registry', '{"registry":{"a":2}}')], 64).policy.digest,
  ).not.toBe(digest)
  expect(composeActivation([policy], 64).policy.digest).not.toBe(digest)
})

test.each<readonly [string, readonly Bundle[], string]>([
  ['no policy', [registry], 'policy_count'],
  ['two policies', [policyBundle(), policyBundle({ roots: ['countersign'] })], 'roots_overlap'],
  [
    'a policy of another name',
    [policyBundle({ wasm: [{ entrypoint: 'countersign/x', module: '/policy.wasm' }] })],
    'policy_count',
  ],
  ['the same root twice', [policyBundle(), registry, registry], 'roots_overlap'],
  [
    'a root inside another',
    [policyBundle(), registry, dataBundle('registry/a', '{"registry":{"a":1}}')],
    'roots_overlap',
  ],
  ['a policy that needs more memory than it may have', [policyBundle({}, 65)], 'memory'],
  ['no bundle', [], 'policy_count'],
])('%s is refused', (_what, bundles, reason) => {
  expect(reasonOf(() => composeActivation(bundles, 64))).toBe(reason)
})
