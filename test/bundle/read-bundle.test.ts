import { expect, test } from '@jest/globals'
import { hashFile } from '../../service/bundle/file-hash.ts'
import { jsonText } from '../../service/bundle/json-text.ts'
import { forge, jws, key, manifest, read, reasonOf, type Forgery } from './forge.ts'

const wasm = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
const withWasm = (over: object = {}): object => ({
  ...manifest,
  wasm: [{ entrypoint: 'a/b', module: '/policy.wasm' }],
  ...over,
})

test('a signed bundle of data is read, and what it gives is frozen', () => {
  const bundle = read(
    forge({
      files: {
        'data.json': '{"a": {"x": 1.0}}',
        'a/y/data.json': '[2]',
        LICENSE: 'mine',
        'b/p.rego': 'package a.p',
      },
    }),
  )
  expect(bundle).toMatchObject({
    revision: 'r1',
    roots: ['a'],
    sequence: 1,
    rawAuthzen: false,
    wasm: null,
    entrypoints: [],
    policyFiles: ['b/p.rego'],
  })
  expect(jsonText(bundle.data)).toBe('{"a":{"x":1.0,"y":[2]}}')
  expect(Object.isFrozen(bundle) && Object.isFrozen(bundle.roots)).toBe(true)
})

test('a bundle with a module names its entrypoints', () => {
  const bundle = read(forge({ files: { 'policy.wasm': wasm }, manifest: withWasm() }))
  expect(bundle).toMatchObject({ wasm, entrypoints: ['a/b'] })
})

test('a manifest without roots owns everything', () => {
  expect(
    read(
      forge({
        manifest: { revision: 'r', metadata: { sequence: 0 } },
        files: { 'data.json': '{"q":1}' },
      }),
    ).roots,
  ).toEqual([''])
})

test('slashes round a root are dropped', () => {
  expect(
    read(
      forge({
        manifest: { ...manifest, roots: ['/a/b/'] },
        files: { 'data.json': '{"a":{"b":1}}' },
      }),
    ).roots,
  ).toEqual(['a/b'])
})

test('names with ./ and / are the same file as the bare name', () => {
  expect(reasonOf(() => read(forge({ files: { './data.json': '{}', 'data.json': '{}' } })))).toBe(
    'path',
  )
})

test('the deprecated claim keyid chooses the key where the header names none', () => {
  expect(
    reasonOf(() => read(forge({ header: { kid: undefined }, claims: { keyid: 'k1' } }))),
  ).toBeNull()
  expect(reasonOf(() => read(forge({ header: { kid: 'k2' }, claims: { keyid: 'k1' } })))).toBe(
    'signature_key_unknown',
  )
})

const hash = 'ab'.repeat(32)
const manifestHash = hashFile('.manifest', Buffer.from(JSON.stringify(manifest)), 'SHA-256')
const data = { name: 'data.json', hash, algorithm: 'SHA-256' }

test.each<readonly [string, Forgery, string]>([
  ['no signature', { signatures: null }, 'unsigned'],
  ['no JWS', { signatures: { signatures: [] } }, 'signature_count'],
  ['two JWSs', { signatures: { signatures: [jws({}, {}), jws({}, {})] } }, 'signature_count'],
  ['no list of JWSs', { signatures: {} }, 'signature_count'],
  [
    'a verifier of its own choice',
    { signatures: { signatures: [jws({}, {})], plugin: 'mine' } },
    'signature_plugin',
  ],
  ['a JWS of two parts', { signatures: { signatures: ['a.b'] } }, 'signature_malformed'],
  [
    'a JWS of four parts',
    { signatures: { signatures: [`${jws({ kid: 'k1' }, {})}.aa`] } },
    'signature_malformed',
  ],
  [
    'a JWS that is not base64url',
    { signatures: { signatures: ['a+.b=.c'] } },
    'signature_malformed',
  ],
  [
    'a header that is no JSON',
    { signatures: { signatures: ['e30x.e30.AA'] } },
    'signature_malformed',
  ],
  [
    'a payload that is no object',
    { signatures: { signatures: [jws({ kid: 'k1' }, [])] } },
    'signature_malformed',
  ],
  [
    'a member twice',
    { signatures: { signatures: ['eyJraWQiOiJrMSIsImtpZCI6ImsyIn0.e30.AA'] } },
    'signature_malformed',
  ],
  [
    'an empty signature',
    { signatures: { signatures: [`${jws({}, {}).split('.').slice(0, 2).join('.')}.`] } },
    'signature_malformed',
  ],
  ['a signature file that is no object', { signatures: [] }, 'signature_malformed'],
  ['an unknown key', { header: { kid: 'other' } }, 'signature_key_unknown'],
  ['no key id', { header: { kid: undefined } }, 'signature_key_unknown'],
  ['another algorithm than the key is for', { header: { alg: 'HS256' } }, 'signature_algorithm'],
  ['the algorithm none', { header: { alg: 'none' } }, 'signature_algorithm'],
  ['a critical header', { header: { crit: ['b64'] } }, 'signature_algorithm'],
  ['a scope that nobody asked for', { claims: { scope: 'write' } }, 'signature_scope'],
  ['no list of files', { claims: { files: 'all' } }, 'signature_malformed'],
  [
    'a listed file without a hash',
    { claims: { files: [{ name: 'data.json' }] } },
    'signature_malformed',
  ],
  [
    'a file listed twice',
    { claims: { files: [data, { ...data, name: '/data.json' }] } },
    'signature_malformed',
  ],
  ['a weak hash', { claims: { files: [{ ...data, algorithm: 'MD5' }] } }, 'hash_algorithm'],
  ['SHA-1', { claims: { files: [{ ...data, algorithm: 'SHA-1' }] } }, 'hash_algorithm'],
  [
    'no hash algorithm',
    { claims: { files: [{ ...data, algorithm: undefined }] } },
    'hash_algorithm',
  ],
  ['a listed name that climbs', { claims: { files: [{ ...data, name: '../data.json' }] } }, 'path'],
  ['a file that changed', { swapped: { 'data.json': '{"a":2}' } }, 'file_hash'],
  ['a manifest that changed', { swapped: { '.manifest': '{"revision":"r2"}' } }, 'file_hash'],
  ['a file that was added', { swapped: { 'b/data.json': '{}' } }, 'file_unlisted'],
  ['a file that nobody reads, added', { swapped: { README: 'x' } }, 'file_unlisted'],
  ['a file that is missing', { removed: ['data.json'] }, 'file_missing'],
  [
    'a file that is missing and was never read',
    { files: { LICENSE: '', 'data.json': '{}' }, removed: ['LICENSE'] },
    'file_missing',
  ],
  ['a manifest that is missing', { removed: ['.manifest'] }, 'file_missing'],
  ['no manifest at all', { manifest: null }, 'manifest_missing'],
  ['a delta', { files: { 'patch.json': '{"data":[]}' } }, 'delta'],
  ['a nested delta', { files: { 'a/patch.json': '{"data":[]}' } }, 'delta'],
  ['YAML data', { files: { 'data.yaml': 'a: 1' } }, 'yaml_data'],
  ['YAML data of the other ending', { files: { 'a/data.yml': 'a: 1' } }, 'yaml_data'],
  ['a nested manifest', { files: { 'x/.manifest': '{}' } }, 'stray_manifest'],
  ['a manifest of another name', { files: { 'foo.manifest': '{}' } }, 'stray_manifest'],
  ['a manifest in protobuf', { files: { '.manifest.pb': '' } }, 'stray_manifest'],
  ['a nested signature', { files: { 'x/.signatures.json': '{}' } }, 'stray_signature'],
  ['a signature of another name', { files: { 'mysignatures.json': '{}' } }, 'stray_signature'],
  ['data that is not JSON', { files: { 'data.json': 'a: 1' } }, 'json'],
  ['a member that stands twice', { files: { 'data.json': '{"a":1,"a":2}' } }, 'json'],
  ['data at the root that is no object', { files: { 'data.json': '[]' } }, 'json'],
  ['data outside the roots', { files: { 'data.json': '{"b":1}' } }, 'outside_roots'],
  [
    'data beside a root',
    { files: { 'data.json': '{"a":{"bc":1}}' }, manifest: { ...manifest, roots: ['a/b'] } },
    'outside_roots',
  ],
  [
    'a value where a root needs an object',
    { files: { 'data.json': '{"a":1}' }, manifest: { ...manifest, roots: ['a/b'] } },
    'outside_roots',
  ],
  [
    'a value given twice',
    { files: { 'data.json': '{"a":{"x":1}}', 'a/x/data.json': '2' } },
    'data_conflict',
  ],
  [
    'an object over a value',
    { files: { 'data.json': '{"a":{"x":1}}', 'a/x/data.json': '{}' } },
    'data_conflict',
  ],
  ['data in a hidden directory', { files: { '.a/data.json': '1' } }, 'path'],
  ['overlapping roots', { manifest: { ...manifest, roots: ['a', 'a/b'] } }, 'roots_overlap'],
  ['the same root twice', { manifest: { ...manifest, roots: ['a', '/a'] } }, 'roots_overlap'],
  [
    'roots in another case',
    { manifest: { ...manifest, roots: undefined, Roots: ['a'] } },
    'manifest',
  ],
  ['roots that are no list', { manifest: { ...manifest, roots: 'a' } }, 'manifest'],
  ['a root that is no text', { manifest: { ...manifest, roots: [1] } }, 'manifest'],
  ['a manifest that is a list', { manifest: [] }, 'manifest'],
  ['no revision', { manifest: { ...manifest, revision: '' } }, 'manifest'],
  ['no sequence', { manifest: { revision: 'r', roots: ['a'] } }, 'sequence'],
  [
    'a sequence that is text',
    { manifest: { ...manifest, metadata: { sequence: '1' } } },
    'sequence',
  ],
  [
    'a sequence with a fraction',
    { manifest: { ...manifest, metadata: { sequence: 1.5 } } },
    'sequence',
  ],
  ['a negative sequence', { manifest: { ...manifest, metadata: { sequence: -1 } } }, 'sequence'],
  [
    'a sequence that a number cannot hold',
    { manifest: { ...manifest, metadata: { sequence: 1e21 } } },
    'sequence',
  ],
  [
    'a map of rules that is none',
    { manifest: { ...manifest, metadata: { sequence: 1, rules: { code: { file: 'x' } } } } },
    'manifest',
  ],
  [
    'a raw_authzen that is text',
    { manifest: { ...manifest, metadata: { sequence: 1, raw_authzen: 'no' } } },
    'manifest',
  ],
  ['an entrypoint without a module', { manifest: withWasm() }, 'wasm'],
  ['a module without an entrypoint', { files: { 'policy.wasm': wasm } }, 'entrypoint'],
  ['a module of another name', { files: { 'x/policy.wasm': wasm }, manifest: withWasm() }, 'wasm'],
  [
    'two modules',
    { files: { 'policy.wasm': wasm, 'x/policy.wasm': wasm }, manifest: withWasm() },
    'wasm',
  ],
  [
    'an entrypoint outside the roots',
    { files: { 'policy.wasm': wasm }, manifest: withWasm({ roots: ['b'] }) },
    'outside_roots',
  ],
  [
    'an entrypoint twice',
    {
      files: { 'policy.wasm': wasm },
      manifest: withWasm({
        wasm: [
          { entrypoint: 'a/b', module: '/policy.wasm' },
          { entrypoint: 'a/b', module: '/policy.wasm' },
        ],
      }),
    },
    'entrypoint',
  ],
])('%s is refused', (_what, forgery, reason) => {
  expect(reasonOf(() => read(forge(forgery)))).toBe(reason)
})

test('a signature by another key of the same name is refused', () => {
  const stranger = { ...key, verify: () => false }
  expect(reasonOf(() => read(forge(), [stranger]))).toBe('signature_invalid')
})

test('a key with a scope takes only signatures for that scope', () => {
  const scoped = { ...key, scope: 'policy' }
  expect(reasonOf(() => read(forge(), [scoped]))).toBe('signature_scope')
  expect(reasonOf(() => read(forge({ claims: { scope: 'policy' } }), [scoped]))).toBeNull()
})

test('a hash in capitals, or a stronger one, verifies', () => {
  const file = (algorithm: string, text: string): object => ({
    name: 'LICENSE',
    algorithm,
    hash: text,
  })
  const sha512 =
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f'
  const forgery = (listed: object): Forgery => ({
    files: { LICENSE: 'abc' },
    manifest,
    claims: { files: [listed, { name: '.manifest', algorithm: 'SHA-256', hash: manifestHash }] },
  })
  expect(reasonOf(() => read(forge(forgery(file('SHA-512', sha512.toUpperCase())))))).toBeNull()
  expect(reasonOf(() => read(forge(forgery(file('SHA-512', hash)))))).toBe('file_hash')
})

test.each([
  ['not valid yet', { notBefore: 1_800_000_001 }, 'signature_key_not_yet'],
  ['valid from this second on', { notBefore: 1_800_000_000 }, null],
  ['in its last second', { notAfter: 1_800_000_001 }, null],
  ['run out this second', { notAfter: 1_800_000_000 }, 'signature_key_expired'],
])('a key that is %s', (_what, bounds, reason) => {
  expect(reasonOf(() => read(forge(), [{ ...key, ...bounds }]))).toBe(reason)
})

test.each([
  ['of Rego 0', { rego_version: 0 }, 'rego_version'],
  ['of Rego 1', { rego_version: 1 }, null],
  ['of a version that is text', { rego_version: '1' }, 'rego_version'],
  ['with one file of Rego 0', { file_rego_versions: { '/a.rego': 0 } }, 'rego_version'],
  ['with versions that are no map', { file_rego_versions: [0] }, 'rego_version'],
])('a bundle %s', (_what, versions, reason) => {
  expect(reasonOf(() => read(forge({ manifest: { ...manifest, ...versions } })))).toBe(reason)
})
