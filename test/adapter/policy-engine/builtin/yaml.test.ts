import { expect, test } from '@jest/globals'
import { printLiteral } from '../../../../service/adapter/policy-engine/rego-literal.ts'
import { call } from './call.ts'

const unmarshal = (text: string): Promise<string> => call('yaml.unmarshal', JSON.stringify(text))

test.each([
  ['on: push\noff: x\n', '{"off":"x","on":"push"}'],
  ['a: yes\nb: n\nc: On\n', '{"a":"yes","b":"n","c":"On"}'],
  ['a: true\nb: FALSE\nc: True\nd: ~\n', '{"a":true,"b":false,"c":true,"d":null}'],
  ['1: a\ntrue: b\n1.5: c\n', '{"1":"a","1.5":"c","true":"b"}'],
  ['base: &b\n  on: 1\nderived:\n  <<: *b\n  y: 2\n', '{"base":{"on":1},"derived":{"on":1,"y":2}}'],
  [
    'p: &p\n  x: 1\nq: &q\n  y: 2\nr:\n  <<: *p\n  <<: *q\n  z: 3\n',
    '{"p":{"x":1},"q":{"y":2},"r":{"x":1,"y":2,"z":3}}',
  ],
  ['p: &p\n  x: 1\nq:\n  x: 2\n  <<: *p\n', '{"p":{"x":1},"q":{"x":2}}'],
  ['', 'null'],
  ['a: 2023-01-01\nb: 2023-01-01T10:00:00Z\n', '{"a":"2023-01-01","b":"2023-01-01T10:00:00Z"}'],
  ['a: 1\nb: 9\na: 2\n', '{"a":2,"b":9}'],
  ['1: a\n"1": b\n', '{"1":"b"}'],
  ['a: 1\n---\nb: 2\n', '{"a":1}'],
  ['---\n---\na: 1\n', 'null'],
  ['[0x1f, 0o17, 017, 0b11, 1_000, +3, -0x10, 08, 0]', '[31,15,15,3,1000,3,-16,8,0]'],
  ['[9223372036854775807, 18446744073709551615]', '[9223372036854775807,18446744073709551615]'],
  ['{"__proto__": {"a": 1}}', '{"__proto__":{"a":1}}'],
  ['null: a\n', 'undefined'],
  ['? [1, 2]\n: v\n', 'undefined'],
  ['a: .inf', 'undefined'],
  ['a: .nan', 'undefined'],
  ['\n  test:\ntest1: hello\n', 'undefined'],
  ['a: 1\n---\n\tb: 2\n', 'undefined'],
  ['a: *nowhere', 'undefined'],
  ['a: &a [*a]', 'undefined'],
])('%j reads as %s', async (text, value) => {
  expect(await unmarshal(text)).toBe(value)
  const isValid = String(value !== 'undefined')
  expect(await call('yaml.is_valid', JSON.stringify(text))).toBe(isValid)
})

test('aliases that would come to more values than memory holds are undefined', async () => {
  const bomb = Array.from({ length: 9 }, (_, i) => {
    const inner = i === 0 ? '"lol"' : `*a${i - 1}`
    return `a${i}: &a${i} [${Array.from({ length: 9 }, () => inner).join()}]`
  })
  expect(await unmarshal(bomb.join('\n'))).toBe('undefined')
})

test('an alias that is used often is no bomb', async () => {
  const text = `a: &a [1]\nb: [${Array.from({ length: 500 }, () => '*a').join()}]`
  expect(await unmarshal(text)).toMatch(/^\{"a":\[1\],"b":\[\[1\],/)
})

test('a document that is nested too deep is undefined or an error, and nothing breaks', async () => {
  const depth = 100_000
  const text = JSON.stringify('['.repeat(depth) + ']'.repeat(depth))
  expect(await call('yaml.unmarshal', text)).toBe('undefined')
  expect(await call('yaml.is_valid', text)).toBe('false')
})

test.each([
  '"on"',
  '"0x1f"',
  '"2023-01-01"',
  '"a: b"',
  '"two\\nlines\\n"',
  '" "',
  '""',
  '"null"',
  '"~"',
  '"é\\u0001"',
  '1.5',
  '-3',
  '[]',
  '{}',
  '[{"a":[1,{"b":null}]}]',
  '{"10":{"a":true}}',
])('%s is the same after it was written and read', async (value) => {
  const text = await call('yaml.marshal', value)
  expect(await call('yaml.unmarshal', text)).toBe(value)
})

test.each([
  ['{"n": 3, "s": "on"}', '"n": 3\ns: "on"\n'],
  ['[{"foo": {1, 2}}]', '- foo:\n    - 1\n    - 2\n'],
  ['{1: "x"}', '"1": x\n'],
])('%s is written as %j', async (value, text) => {
  expect(await call('yaml.marshal', value)).toBe(printLiteral(text))
})

test.each([
  ['{"a": "<b>", "c": {1, 2}}', '{}', '{"a":"\\u003cb\\u003e","c":[1,2]}'],
  ['{"a": [], "b": {}}', '{"indent": ""}', '{\n"a": [],\n"b": {}\n}'],
  ['[1]', '{"pretty": false, "prefix": "x"}', '[1]'],
  [
    '{"b": 1, "a": [2]}',
    '{"prefix": "> ", "indent": " "}',
    '> {\n>  "a": [\n>   2\n>  ],\n>  "b": 1\n> }',
  ],
])('%s is JSON with %s as %j', async (value, options, text) => {
  expect(await call('json.marshal_with_options', value, options)).toBe(JSON.stringify(text))
})

test.each(['{"width": 1}', '{"indent": 1}', '{"pretty": "yes"}', '{1: 2}', '[]'])(
  'JSON with the options %s is undefined',
  async (options) => {
    expect(await call('json.marshal_with_options', '1', options)).toBe('undefined')
  },
)
