import { describe, expect, it } from '@jest/globals'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { canonicalJson } from '../../service/statement/canonical-json.ts'

describe('canonical JSON', () => {
  it('is what an independent implementation of RFC 8785 writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value))
      }),
      { numRuns: 2000 },
    )
  })

  it('orders members as UTF-16 code units, integer-like names too (section 3.2.3)', () => {
    const value = {
      '\u20ac': 1,
      '\r': 2,
      '\ufb33': 3,
      '1': 4,
      '10': 5,
      '9': 6,
      '\ud83d\ude00': 7,
      '\u0080': 8,
      '\u00f6': 9,
    }
    expect(canonicalJson(value)).toBe(canonicalize(value))
    expect(canonicalJson({ b: { '10': 1, '9': 2 }, a: [{ z: 1, y: 2 }] })).toBe(
      '{"a":[{"y":2,"z":1}],"b":{"10":1,"9":2}}',
    )
  })

  it('writes numbers and strings as ECMAScript does (sections 3.2.2.2 and 3.2.2.3)', () => {
    const value = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 1e-27, -0],
      string: '\u20ac$\u000f\nA\'B"\\\\"/',
    }
    expect(canonicalJson(value)).toBe(
      '{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  it('leaves out undefined members, and does not change what it is given', () => {
    const value = Object.freeze({
      b: 1,
      a: undefined,
      c: Object.freeze([Object.freeze({ z: 1, y: undefined })]),
    })
    expect(canonicalJson(value)).toBe('{"b":1,"c":[{"z":1}]}')
  })

  it.each([
    ['a lone surrogate', { a: '\ud800' }],
    ['a lone surrogate in a name', { '\udc00': 1 }],
    ['infinity', [Infinity]],
    ['not a number', { a: { b: NaN } }],
    ['undefined', undefined],
    ['undefined in a list', [undefined]],
    ['a function', { a: () => 1 }],
    ['a big integer', 1n],
    ['infinity below an integer-like name', { 1: Infinity }],
  ])('refuses %s', (_name, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError)
  })

  it('takes a text that only looks like an escaped surrogate', () => {
    expect(canonicalJson('\\ud800')).toBe('"\\\\ud800"')
  })

  it('keeps a member named __proto__ as a member', () => {
    const value: unknown = JSON.parse('{"__proto__":{"b":1,"a":2},"a":1}')
    expect(canonicalJson(value)).toBe('{"__proto__":{"a":2,"b":1},"a":1}')
  })
})
