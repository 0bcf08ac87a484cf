import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { jsonText } from '../../service/bundle/json-text.ts'
import { parseJson } from '../../service/bundle/parse-json.ts'
import { PdpError } from '../../service/contract/error-code.ts'
import { forge, read } from './forge.ts'

const archive = forge({
  files: {
    'data.json': '{"a": {"limit": 1.50, "open": false}}',
    'a/b/data.json': '["x"]',
    'a.rego': 'package a\n',
  },
})

function meaningOf(bytes: Uint8Array): string {
  const { revision, roots, sequence, data, policyFiles } = read(bytes)
  return JSON.stringify([revision, roots, sequence, jsonText(data), policyFiles])
}

const meaning = meaningOf(archive)

test('no changed byte of a signed bundle changes what it says', () => {
  const change = fc.record({ at: fc.nat(archive.length - 1), to: fc.nat(255) })
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const mutated = Uint8Array.from(archive)
      for (const { at, to } of changes) mutated[at] = to
      try {
        expect(meaningOf(mutated)).toBe(meaning)
      } catch (error) {
        if (!(error instanceof PdpError)) throw error
        expect(error.code).toBe('bundle_refused')
      }
    }),
    { numRuns: 1500 },
  )
})

test('any JSON is read as what it says, and written as the same', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const written = jsonText(parseJson(new TextEncoder().encode(text), 'last'))
      expect(JSON.parse(written)).toEqual(JSON.parse(text))
      expect(jsonText(parseJson(new TextEncoder().encode(written)))).toBe(written)
    }),
  )
})

test('any bytes are read or refused, and nothing else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      expect(() => read(bytes)).toThrow(PdpError)
    }),
  )
})
