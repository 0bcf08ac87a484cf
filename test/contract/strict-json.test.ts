/** Strict JSON: what two parsers could read differently is refused, and the refusal names the place. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { PdpError } from '../../service/contract/error-code.ts'
import { parseStrictJson } from '../../service/contract/strict-json.ts'

const limits = { depth: 4, members: 12 }
const wide = { depth: 64, members: 100_000 }
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** What the parser says of a text: its value, or code and pointer. */
function read(text: string | Uint8Array, within = limits): unknown {
  try {
    return { value: parseStrictJson(typeof text === 'string' ? bytesOf(text) : text, within) }
  } catch (error) {
    if (!(error instanceof PdpError)) throw error
    return [error.code, ...error.faults.map((fault) => fault.pointer)]
  }
}

describe('what is JSON and unambiguous is read', () => {
  it.each([
    'null',
    ' true ',
    '"a\\"b\\\\"',
    '-0.5e-3',
    '[]',
    '{}',
    '{"a":[1,{"b":"c:d"}]}',
    '{"a":{"a":1},"b":{"a":1}}',
    '{"\\\\":1,"\\\\\\"":2}',
    '{"k" \t\r\n: "v:\\":w"}',
    '["a:b","c"]',
    '"\\ud83d\\ude00"',
    '"😀"',
    '9007199254740991',
    '-9007199254740991',
    '{"constructor":1,"prototype":2,"toString":3}',
  ])('%s', (text) => {
    expect(read(text)).toEqual({ value: JSON.parse(text) as unknown })
  })
})

describe('what is ambiguous is refused, with its place', () => {
  it.each([
    ['{"a":1,"a":1}', 'duplicate_member', '/a'],
    ['{"a":1,"\\u0061":2}', 'duplicate_member', '/a'],
    ['{"x":[0,{"a/~":1,"b":{"c":1},"a/~":{"d":1}}]}', 'duplicate_member', '/x/1/a~1~0'],
    ['{"a":{"b":1},"a":{"b":1}}', 'duplicate_member', '/a'],
    ['{"":1,"":2}', 'duplicate_member', '/'],
    ['{"a":"\\ud800"}', 'lone_surrogate', '/a'],
    ['["\\udc00\\ud800"]', 'lone_surrogate', '/0'],
    ['{"\\ud800":1}', 'lone_surrogate', ''],
    ['{"n":9007199254740992}', 'unsafe_integer', '/n'],
    ['[-9007199254740992]', 'unsafe_integer', '/0'],
    ['1e400', 'unsafe_integer', ''],
    ['-1e400', 'unsafe_integer', ''],
    ['1e20', 'unsafe_integer', ''],
    ['9007199254740993.0', 'unsafe_integer', ''],
    ['{"__proto__":{}}', 'forbidden_member', '/__proto__'],
    ['[{"\\u005f_proto__":1}]', 'forbidden_member', '/0/__proto__'],
    ['[[[[[]]]]]', 'too_deep', '/0/0/0/0'],
    ['{"a":{"b":{"c":{"d":{}}}}}', 'too_deep', '/a/b/c/d'],
    ['[1,2,3,4,5,6,7,8,9,10,11,12,13]', 'too_many_members', '/12'],
    ['{"a":[1,2,3,4,5,6],"b":[1,2,3,4,5,6]}', 'too_many_members', '/b/4'],
    [
      `{${Array.from({ length: 13 }, (_, i) => `"${String(i)}":0`).join(',')}}`,
      'too_many_members',
      '/12',
    ],
  ])('%s', (text, code, pointer) => {
    expect(read(text)).toEqual([code, pointer])
  })

  it('the words name the place and the remedy', () => {
    expect(() => parseStrictJson(bytesOf('{"a":1,"a":2}'), limits)).toThrow(
      'Refused at /a: the name stands twice: keep one of the members.',
    )
    expect(() => parseStrictJson(bytesOf('1e999'), limits)).toThrow(
      'Refused at the whole text: the number is outside',
    )
  })
})

describe('what is not JSON is malformed', () => {
  it.each([
    ['', ''],
    [' ', ''],
    ['{', ''],
    ['[1', ''],
    ['[1,]', '/1'],
    ['{"a":1,}', ''],
    ['{"a"}', '/a'],
    ['{"a":}', '/a'],
    ['{a:1}', ''],
    ["'a'", ''],
    ['"a', ''],
    ['"\\x"', ''],
    ['"\\u12"', ''],
    ['"a\tb"', ''],
    ['01', ''],
    ['1.', ''],
    ['.5', ''],
    ['+1', ''],
    ['NaN', ''],
    ['Infinity', ''],
    ['tru', ''],
    ['nulll', ''],
    ['1 2', ''],
    ['{} {}', ''],
    ['[1 2]', ''],
    ['{"a":1 "b":2}', ''],
    ['\ufeff{}', ''],
    ['[1]x', ''],
    ['// c\n1', ''],
    ['{"a":[tru]}', '/a/0'],
    ['\u00a01', ''],
    ['"\\', ''],
  ])('%j', (text, pointer) => {
    expect(read(text)).toEqual(['malformed_json', pointer])
  })

  it.each([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
    ['a surrogate in UTF-8', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x22, 0x00]],
    ['a cut sequence', [0x22, 0xe2, 0x82]],
  ])('%s', (_name, bytes) => {
    expect(read(Uint8Array.from(bytes))).toEqual(['malformed_json', ''])
  })
})

it('depth that a recursive reader could not bear is a refusal', () => {
  expect(read('['.repeat(200_000))).toEqual(['too_deep', '/0/0/0/0'])
  expect(read('['.repeat(100_000) + ']'.repeat(100_000))).toEqual(['too_deep', '/0/0/0/0'])
})

describe('integers beyond doubles, where they are wanted', () => {
  const big = { ...wide, bigIntegers: true }
  it.each([
    ['{"n":18446744073709551615}', { n: 18446744073709551615n }],
    ['{"n":-9007199254740993,"m":1,"t":"x"}', { n: -9007199254740993n, m: 1, t: 'x' }],
  ])('%s', (text, value) => {
    expect(read(text, big)).toEqual({ value })
  })
  it('another fault beside them is still found', () => {
    expect(read('{"n":18446744073709551615,"a":1,"a":2}', big)).toEqual(['duplicate_member', '/a'])
  })
  it.each(['1e400', '9007199254740993.5'])('%s is still refused', (text) => {
    expect(read(text, big)).toEqual(['unsafe_integer', ''])
  })
})

describe('properties', () => {
  const json = fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.stringify(value))

  it('reads what the engine reads, or refuses; it never mends', () => {
    fc.assert(
      fc.property(json, (text) => {
        const outcome = read(text, wide)
        if (!Array.isArray(outcome)) expect(outcome).toEqual({ value: JSON.parse(text) as unknown })
        else expect(['unsafe_integer', 'lone_surrogate', 'forbidden_member']).toContain(outcome[0])
      }),
    )
  })

  it('any text gives a value or a refusal with one pointer; the quick and the slow reader agree', () => {
    const shard = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '"a"',
      '"\\u0061"',
      '1',
      'true',
      '1e999',
      '__proto__',
      ' ',
      '"a":1',
      '\\ud800',
    )
    const noise = fc.array(shard, { maxLength: 14 }).map((shards) => shards.join(''))
    fc.assert(
      fc.property(
        fc.oneof(
          noise,
          noise.map((text) => `{${text}}`),
          noise.map((text) => `[${text}]`),
        ),
        (text) => {
          const outcome = read(text)
          if (Array.isArray(outcome)) expect(outcome).toHaveLength(2)
          if (Array.isArray(outcome) && outcome[0] === 'malformed_json')
            expect(() => JSON.parse(text) as unknown).toThrow()
          else if (!Array.isArray(outcome))
            expect(outcome).toEqual({ value: JSON.parse(text) as unknown })
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('a member that is doubled anywhere is found, however it is spelt', () => {
    const name = fc.stringMatching(/^[a-z]{1,6}$/u)
    fc.assert(
      fc.property(name, fc.nat(40), fc.boolean(), (twice, depth, escaped) => {
        const spelt = escaped ? `\\u00${twice.charCodeAt(0).toString(16)}${twice.slice(1)}` : twice
        const object = `{"${twice}":[],"other member":0,"${spelt}":{}}`
        expect(read('['.repeat(depth) + object + ']'.repeat(depth), wide)).toEqual([
          'duplicate_member',
          `${'/0'.repeat(depth)}/${twice}`,
        ])
      }),
    )
  })
})
