import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { hashFile } from '../../service/bundle/file-hash.ts'
import { compareUtf8, jsonText } from '../../service/bundle/json-text.ts'
import { parseJson } from '../../service/bundle/parse-json.ts'
import { hexDigest } from '../../service/statement/digest.ts'

type KnownHash = { readonly path: string; readonly base64: string; readonly sha256: string }

/** Made by `opa sign` 1.22.2. */
const known = JSON.parse(
  readFileSync(new URL('../fixtures/bundle/opa-hashes.json', import.meta.url), 'utf8'),
) as readonly KnownHash[]
const ours = known.filter(({ path }) => !/^(?:bom|duplicates)\//.test(path))
const bytesOf = (entry: KnownHash): Uint8Array => Buffer.from(entry.base64, 'base64')
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

test.each(ours)('$path has the hash that OPA gives it', (entry) => {
  expect(hashFile(entry.path, bytesOf(entry), 'SHA-256')).toBe(entry.sha256)
})

test('of two members of one name OPA hashes the last', () => {
  const entry = known.find(({ path }) => path.startsWith('duplicates/'))!
  expect(hexDigest('SHA-256', jsonText(parseJson(bytesOf(entry), 'last')))).toBe(entry.sha256)
})

test.each([
  ['a member that stands twice', '{"a":1,"a":1}', 'stands twice'],
  ['a member that stands twice, spelt differently', '{"a":1,"\\u0061":2}', 'stands twice'],
  ['a byte order mark', '\ufeff{}', 'byte order mark'],
  ['YAML', 'a: 1', 'missing or misspelt'],
  ['two values', '{} {}', 'text follows'],
  ['a number with a leading zero', '[01]', 'comma'],
  ['a number that ends in a point', '[1.]', 'comma'],
  ['an unknown escape', '["\\x"]', 'unknown escape'],
  ['half an escape', '["\\u12"]', 'unknown escape'],
  ['a control character in a string', '["\u0001"]', 'control character'],
  ['an open string', '["a', 'not closed'],
  ['a string that ends in a backslash', '["a\\', 'not closed'],
  ['a trailing comma', '[1,]', 'missing or misspelt'],
  ['nothing', '', 'missing or misspelt'],
  ['deep nesting', '['.repeat(200), 'too deep'],
])('%s is refused where OPA hashes a value', (_what, text, reason) => {
  expect(() => hashFile('data.json', utf8(text), 'SHA-256')).toThrow(reason)
})

test('bytes that are not UTF-8 are refused', () => {
  expect(() => hashFile('data.json', Uint8Array.of(0x22, 0xff, 0x22), 'SHA-256')).toThrow('UTF-8')
})

test('a file that OPA does not parse is hashed as bytes', () => {
  expect(hashFile('a/plan.json', utf8('{ }'), 'SHA-256')).toBe(hexDigest('SHA-256', '{ }'))
  expect(hashFile('a/data.json', utf8('{ }'), 'SHA-256')).toBe(hexDigest('SHA-256', '{}'))
  expect(hashFile('policy.wasm', utf8('x'), 'SHA-512')).toBe(hexDigest('SHA-512', 'x'))
})

test('names sort by code point, as their UTF-8 bytes do', () => {
  const names = ['\u{1f600}', '\uffee', '\ue000', '\ud7ff', 'é', 'a', '', 'ab', '\u{10ffff}']
  const byBytes = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  expect([...names].sort(compareUtf8)).toEqual(byBytes)
})
