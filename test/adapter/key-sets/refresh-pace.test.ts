/** How often a key set is asked for, whatever its publisher says and however old it may become. */
import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { refreshPace } from '../../../service/adapter/key-sets/refresh-pace.ts'

const minute = 60_000
const latest = (tooOld: number, asked: number | null): number =>
  refreshPace(tooOld, () => 0).afterSuccess(asked)

it.each([
  ['nothing', 60 * minute, null, 5 * minute],
  ['too little', 60 * minute, 1, 30_000],
  ['nonsense', 60 * minute, -5, 30_000],
  ['an hour, where sets count for an hour', 60 * minute, 3600, 20 * minute],
  ['a day, where sets count for four hours', 240 * minute, 86_400, 60 * minute],
  ['nothing, where sets count for two minutes', 2 * minute, null, 40_000],
])('a publisher that asks for %s', (_name, tooOld, asked, wait) => {
  expect(latest(tooOld, asked)).toBe(wait)
})

it('two answers may be missed before a set is too old', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 120, max: 14_400 }),
      fc.option(fc.integer({ min: 0, max: 1_000_000 })),
      (seconds, asked) => latest(seconds * 1000, asked) * 3 <= seconds * 1000,
    ),
  )
})

it('chance makes a wait shorter, by a tenth at most', () => {
  const waits = [0, 0.5, 0.999].map((drawn) => {
    const pace = refreshPace(60 * minute, () => drawn)
    return [pace.afterSuccess(300), pace.afterFailure(3)]
  })
  expect(waits).toEqual([
    [300_000, 20_000],
    [285_000, 19_000],
    [270_030, 18_002],
  ])
})

it('pauses after failures grow, and end at five minutes', () => {
  const pace = refreshPace(60 * minute, () => 0)
  expect([1, 2, 7, 8, 50].map((failures) => pace.afterFailure(failures) / 1000)).toEqual([
    5, 10, 300, 300, 300,
  ])
})
