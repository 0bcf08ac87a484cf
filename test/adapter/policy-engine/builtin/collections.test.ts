import { expect, test } from '@jest/globals'
import { BuiltinLimit } from '../../../../service/adapter/policy-engine/rego-value.ts'
import { call } from './call.ts'

test.each([
  ['1', '10', '4', '[1,5,9]'],
  ['3', '-3', '3', '[3,0,-3]'],
  [
    '9007199254740991',
    '9007199254740993',
    '1',
    '[9007199254740991,9007199254740992,9007199254740993]',
  ],
  ['1', '2', '0', 'undefined'],
  ['1', '2', '-1', 'undefined'],
  ['1', '2', '0.5', 'undefined'],
  ['"1"', '2', '1', 'undefined'],
])('from %s to %s by %s are %s', async (from, to, by, numbers) => {
  expect(await call('numbers.range_step', from, to, by)).toBe(numbers)
})

test('a range that no memory holds puts the evaluation at fault', async () => {
  await expect(call('numbers.range_step', '0', '100000000000000000000', '1')).rejects.toThrow(
    BuiltinLimit,
  )
})

test('a graph with more paths than memory holds puts the evaluation at fault', async () => {
  const layers = Array.from({ length: 12 }, (_, layer) =>
    [0, 1, 2, 3].map(
      (at) => `"${layer}.${at}": [${[0, 1, 2, 3].map((to) => `"${layer + 1}.${to}"`).join()}]`,
    ),
  )
  const graph = `{${layers.flat().join()}}`
  await expect(call('graph.reachable_paths', graph, '["0.0"]')).rejects.toThrow(BuiltinLimit)
})

test.each([
  ['{"a": ["a"]}', '["a"]', '{["a","a"]}'],
  ['{"a": 1}', '{"a"}', '{["a"]}'],
  ['{1: {2}, 2: set()}', '[1]', '{[1,2]}'],
  ['{}', '["a"]', 'set()'],
  ['[]', '["a"]', 'undefined'],
])('the paths in %s from %s are %s', async (graph, initial, paths) => {
  expect(await call('graph.reachable_paths', graph, initial)).toBe(paths)
})

test.each([
  ['{"a": {"b": 1, "c": [1, 2, 3]}}', '{"a": {"c": [2, 3]}}', 'true'],
  ['{"a": {"b": 1}}', '{"a": {"b": 2}}', 'false'],
  ['[1, 1, 2]', '[1, 2]', 'true'],
  ['[1, 2, 3]', '[1, 3]', 'false'],
  ['[1, 1]', '{1, 2}', 'false'],
  ['[]', '[]', 'true'],
  ['{1}', '[1]', 'undefined'],
  ['1', '1', 'undefined'],
])('of %s, %s is a subset: %s', async (whole, part, answer) => {
  expect(await call('object.subset', whole, part)).toBe(answer)
})

test.each([
  ['{"a": 1}', '{"op": "add", "path": "/b", "value": {1}}', '{"a":1,"b":{1}}'],
  ['{1, 2}', '{"op": "add", "path": [3], "value": 3}', '{1,2,3}'],
  ['{1, 2}', '{"op": "add", "path": [3], "value": 4}', 'undefined'],
  ['{1, 2}', '{"op": "remove", "path": [2]}', '{1}'],
  ['{[1, 2]}', '{"op": "remove", "path": [[1, 2], 0]}', '{[2]}'],
  ['[1, 2]', '{"op": "add", "path": "/-", "value": 3}', '[1,2,3]'],
  ['[1, 2]', '{"op": "add", "path": "/3", "value": 3}', 'undefined'],
  ['[1, 2]', '{"op": "add", "path": "/01", "value": 3}', 'undefined'],
  ['[1, 2]', '{"op": "remove", "path": "/-"}', 'undefined'],
  ['{"a": 1}', '{"op": "remove", "path": ""}', 'undefined'],
  ['{"a": 1}', '{"op": "replace", "path": "", "value": 2}', '2'],
  ['{"a": {"b": 1}}', '{"op": "move", "from": "/a", "path": "/a/b"}', 'undefined'],
  ['{"a/b": 1, "m~n": 2}', '{"op": "copy", "from": "/a~1b", "path": "/m~0n"}', '{"a/b":1,"m~n":1}'],
  ['{"__proto__": 1}', '{"op": "test", "path": "/__proto__", "value": 1}', '{"__proto__":1}'],
  ['{"a": 1}', '{"op": "test", "path": "/a", "value": "1"}', 'undefined'],
  ['{"a": 1}', '{"op": "erase", "path": "/a"}', 'undefined'],
  ['{"a": 1}', '{"path": "/a"}', 'undefined'],
])('%s with %s becomes %s', async (document, operation, patched) => {
  expect(await call('json.patch', document, `[${operation}]`)).toBe(patched)
})
