/** Faults point to the member to change and say in words what to change; values are never changed. */
import { describe, expect, it } from '@jest/globals'
import { Type } from 'typebox'
import { KeySetSource } from '../../service/contract/config.ts'
import { closed, oneOf } from '../../service/contract/digest.ts'
import { compileChecker, compileWaiting } from '../../service/contract/validate.ts'

const Sample = Type.Object(
  {
    name: Type.String({ minLength: 2 }),
    phase: Type.Optional(oneOf(['one', 'two'])),
    'a/b': Type.Optional(Type.Object({ '~n': Type.Integer() }, closed)),
    from: Type.Optional(KeySetSource),
    aud: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
    maybe: Type.Optional(Type.Union([Type.Null(), Type.Object({ x: Type.Literal(1) })])),
    v: Type.Optional(Type.Literal(1)),
    either: Type.Optional(Type.Union([Type.Literal('x'), Type.Integer()])),
    list: Type.Optional(Type.Array(oneOf(['p', 'q']))),
    grade: Type.Optional(Type.Union([Type.Null(), oneOf(['low', 'high'])])),
    two: Type.Optional(Type.Union([oneOf(['a', 'b']), oneOf(['c', 'd'])])),
  },
  closed,
)
const check = compileChecker(Sample, { allErrors: true })
const checkFirst = compileChecker(Sample)

it('every schema of the service compiles, which a running one does before it answers', async () => {
  await import('../../service/serve-command.ts')
  compileWaiting()
})

it('a schema that does not compile is found out before the first question', () => {
  compileChecker(Type.Unsafe<unknown>({ type: 'nonsense' }))
  expect(compileWaiting).toThrow('schema is invalid')
})

describe('each fault names its member and its remedy', () => {
  it.each([
    [
      { name: 'ab', purpos: 1 },
      '/purpos',
      'no member has this name: correct its spelling or remove it',
    ],
    [{}, '/name', 'this member is missing: add it'],
    [{ name: 'a' }, '/name', 'must NOT have fewer than 2 characters'],
    [{ name: 5 }, '/name', 'must be string'],
    [{ name: 'ab', phase: 'three' }, '/phase', 'must be one of "one", "two"'],
    [
      { name: 'ab', 'a/b': { '~n': 1, 'x/~': 2 } },
      '/a~1b/x~1~0',
      'no member has this name: correct its spelling or remove it',
    ],
    [{ name: 'ab', 'a/b': {} }, '/a~1b/~0n', 'this member is missing: add it'],
    [{ name: 'ab', 'a/b': { '~n': '1' } }, '/a~1b/~0n', 'must be integer'],
    [{ name: 'ab', v: 2 }, '/v', 'must be 1'],
    [{ name: 'ab', aud: 5 }, '/aud', 'must be of type string or of type array'],
    [{ name: 'ab', either: 'y' }, '/either', 'must be "x" or of type integer'],
    [{ name: 'ab', maybe: { x: 2 } }, '/maybe/x', 'must be 1'],
    [
      { name: 'ab', from: { url: 'x', internl: true } },
      '/from/internl',
      'no member has this name: correct its spelling or remove it',
    ],
    [
      { name: 'ab', from: {} },
      '/from',
      'must be an object with inline or an object with file or an object with url or an object with discovery',
    ],
    [
      { name: 'ab', from: null },
      '/from',
      'must be an object with inline or an object with file or an object with url or an object with discovery',
    ],
    [{ name: 'ab', list: ['p', 'r'] }, '/list/1', 'must be one of "p", "q"'],
    [{ name: 'ab', grade: 'mid' }, '/grade', 'must be one of "low", "high"'],
    [{ name: 'ab', two: 'e' }, '/two', 'must be another value or another value'],
    [[], '', 'must be object'],
  ])('%j', (value, pointer, reason) => {
    expect(check(value)).toEqual({ ok: false, faults: [{ pointer, reason }] })
    expect(checkFirst(value)).toEqual({ ok: false, faults: [{ pointer, reason }] })
  })
})

it('configuration hears of every fault, a request of the first', () => {
  const value = { phase: 1, purpos: 2, list: ['r', 's'], from: { url: 1, internal: 2 } }
  const all = check(value)
  expect(all.ok ? [] : all.faults.map((fault) => fault.pointer)).toEqual([
    '/name',
    '/purpos',
    '/phase',
    '/from/url',
    '/from/internal',
    '/list/0',
    '/list/1',
  ])
  const first = checkFirst(value)
  expect(first.ok ? [] : first.faults).toHaveLength(1)
})

it('nothing is coerced, filled in or removed', () => {
  const value = Object.freeze({ name: 'ab', list: Object.freeze(['p']) })
  const checked = check(value)
  expect(checked.ok && checked.value).toBe(value)
  expect(check({ name: 'ab', list: 'p' }).ok).toBe(false)
})

it('texts are measured in UTF-16 units, so a bound is never looser than it says', () => {
  const short = compileChecker(Type.String({ minLength: 1, maxLength: 2 }))
  expect([short('ab').ok, short('😀').ok, short('a😀').ok, short('').ok]).toEqual([
    true,
    true,
    false,
    false,
  ])
})
