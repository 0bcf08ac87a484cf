/** What leaves say of their keys, held against what signed them and against the key set that is served. */
import { describe, expect, it } from '@jest/globals'
import { KeyEvents } from '../../../scripts/log/verify/key-events.ts'
import { KeyHistory } from '../../../scripts/log/verify/key-history.ts'
import type { ReadLeaf } from '../../../scripts/log/read/read-leaf.ts'
import { generateSigningKey, publicHalf } from '../../../service/adapter/audit-log/keys/jwk.ts'
import { noteAlgorithm, noteKey, printVerifierKey } from '../../../service/audit/note-key.ts'
import type { Leaf } from '../../../service/contract/leaf.ts'

const [old, next, stranger] = ['ES256', 'ES256', 'Ed25519'].map((algorithm) =>
  publicHalf(generateSigningKey(algorithm as 'ES256'), 'a key'),
) as [Key, Key, Key]
type Key = ReturnType<typeof publicHalf>
const note = noteKey('log', noteAlgorithm.ed25519, Buffer.from(stranger.x, 'base64url'))

const start = (key: Key, from: number): object => ({
  ...{ change: 'start', use: 'decision', key, nbf: from, signs_from: from, exp: from + 100 },
})
const end = (key: Key, exp: number): object => ({
  change: 'end',
  use: 'decision',
  kid: key.kid,
  exp,
})

/** [who signs, at what time, what kind, what event] */
type Row = readonly [by: Key, iat: number, kind?: string, event?: object]
function follow(...rows: readonly Row[]): KeyEvents {
  const events = new KeyEvents(printVerifierKey(note))
  for (const [index, [{ kid, alg }, iat, kind = 'start', event = {}]] of rows.entries()) {
    const leaf = { index, iat, kind, event } as Leaf
    events.check({ header: { kid, alg, typ: 'event+jwt' }, leaf } as ReadLeaf)
  }
  return events
}
const rotated: readonly Row[] = [
  [old, 10, 'key_rotation', start(old, 10)],
  [old, 20, 'key_rotation', start(next, 30)],
  [old, 29],
  [next, 30],
  [next, 31, 'key_rotation', end(old, 32)],
  [next, 31],
]
const fault = (place: object): object =>
  expect.objectContaining({ place: expect.objectContaining(place) })

it('a key signs from its time on, and the one before it up to then', () => {
  expect(follow(...rotated).introduced).toEqual([])
})

it.each<[string, readonly Row[], object]>([
  ['a rotated-out key, after its end', [...rotated, [old, 31]], { index: 6 }],
  ['a rotated-out key, before its end is said', [...rotated.slice(0, 4), [old, 30]], { index: 4 }],
  ['a key before its turn', [...rotated.slice(0, 2), [next, 29]], { index: 2 }],
  ['a key past its window', [...rotated, [next, 130]], { index: 6 }],
  ['a key that nothing introduced', [...rotated, [stranger, 31]], { index: 6 }],
  [
    'a key that introduces itself in the place of one that signs',
    [...rotated, [stranger, 31, 'key_rotation', start(stranger, 31)]],
    { index: 6 },
  ],
  [
    'a key that is started twice',
    [...rotated, [next, 31, 'key_rotation', start(old, 31)]],
    { index: 6 },
  ],
  [
    'a key under the name of another',
    [...rotated, [next, 31, 'key_rotation', start({ ...stranger, kid: 'A'.repeat(43) }, 31)]],
    { index: 6 },
  ],
  [
    'the end of a key that is over',
    [...rotated, [next, 31, 'key_rotation', end(old, 40)]],
    { index: 6 },
  ],
  [
    'another note key',
    [
      ...rotated,
      [next, 31, 'key_rotation', { change: 'start', use: 'note', vkey: 'other', nbf: 31 }],
    ],
    { check: 'note_key' },
  ],
  [
    'a revoked key',
    [
      ...rotated,
      [next, 31, 'key_revocation', { kid: next.kid, compromised_at: 31, reason: 'r', by: 'b' }],
      [next, 31],
    ],
    { index: 7 },
  ],
])('%s is refused', (_what, rows, place) => {
  expect(() => follow(...rows)).toThrow(fault(place))
})

it('a key that has ended is followed by one that introduces itself, and that is told', () => {
  const { introduced } = follow(...rotated, [stranger, 130, 'key_rotation', start(stranger, 130)])
  expect(introduced).toEqual([{ kid: stranger.kid, index: 6 }])
})

describe('the key set that is served', () => {
  const revocation: Row = [
    next,
    31,
    'key_revocation',
    { kid: old.kid, compromised_at: 15, reason: 'r', by: 'b' },
  ]
  const whole = [
    { ...old, nbf: 10, exp: 32, revoked: { revoked_at: 15 } },
    { ...next, nbf: 20, exp: 130 },
  ]
  const [first, second] = whole as [object, object]
  const finish = (keys: readonly object[]): void => {
    follow(...rotated, revocation).finish(new KeyHistory(keys as never, 'keys/jwks.json'))
  }

  it('may be newer than the log', () => {
    finish(whole)
    finish([first, { ...second, exp: 40, revoked: { revoked_at: 35 } }, stranger])
  })

  it.each<[string, readonly object[]]>([
    ['without a key', [first]],
    ['with a key that never ended', [{ ...first, exp: 110 }, second]],
    ['with a key without an end', [{ ...first, exp: undefined }, second]],
    ['without a revocation', [{ ...first, revoked: undefined }, second]],
    ['with a later revocation', [{ ...first, revoked: { revoked_at: 16 } }, second]],
  ])('is refused %s', (_what, keys) => {
    expect(() => {
      finish(keys)
    }).toThrow(fault({ check: 'key', file: 'keys/jwks.json' }))
  })

  it('has no key that signs checkpoints', () => {
    const history = new KeyHistory([stranger] as never, 'keys/jwks.json')
    expect(() => {
      history.refuseNoteKey(note)
    }).toThrow(fault({ check: 'key' }))
  })
})
