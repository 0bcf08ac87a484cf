/** How often a source is looked at: spread when it answers, ever less often while it fails, at once when it recovers. */
import { expect, it } from '@jest/globals'
import { keepLooking, type Look } from '../../../service/adapter/bundle-source/keep-looking.ts'
import { systemClock } from '../../../service/adapter/clock/system-clock.ts'

/** Milliseconds between looks: at least these, since timers may be late but never early. */
async function waits(look: Look, random: number, looks: number): Promise<readonly number[]> {
  const at: number[] = []
  let enough = (): void => undefined
  const done = new Promise<void>((resolve) => {
    enough = resolve
  })
  const source = keepLooking({
    ...{ kind: 'http', location: 'test', clock: systemClock },
    delays: () => [60, 120],
    mostBackOff: 400,
    random: () => random,
    look: (before, signal) => {
      at.push(performance.now())
      if (at.length > looks) enough()
      return look(before, signal)
    },
  })
  source.start(
    () => Promise.resolve(),
    () => undefined,
  )
  await done
  await source.close()
  return at.slice(1).map((time, i) => time - at[i]!)
}

const failing: Look = () => Promise.reject(new Error('down'))
const answering: Look = () => Promise.resolve('unchanged')
/** Timers count whole milliseconds. */
const early = 2

it.each<readonly [string, Look, number, readonly number[]]>([
  ['fails: twice as long each time, up to the most', failing, 1, [100, 200, 400, 400]],
  ['fails, by chance half of that', failing, 0, [50, 100, 200, 200]],
  ['answers, at its least delay', answering, 0, [60, 60]],
  ['answers, at its greatest delay', answering, 1, [120, 120]],
])('a source that %s', async (_, look, random, least) => {
  const waited = await waits(look, random, least.length)
  for (const [i, milliseconds] of least.entries()) {
    expect(waited[i]).toBeGreaterThanOrEqual(milliseconds - early)
  }
})

it('what was a failure is none any more once the source answers', async () => {
  let looks = 0
  const recovered: Look = (before, signal) => {
    looks += 1
    return looks < 3 ? failing(before, signal) : answering(before, signal)
  }
  const source = keepLooking({
    ...{ kind: 'http', location: 'test', clock: systemClock, look: recovered },
    ...{ delays: () => [5, 5], mostBackOff: 10 },
  })
  const confirmed = new Promise<void>((resolve) => {
    source.start(() => Promise.resolve(), resolve)
  })
  await confirmed
  expect(source.status()).toMatchObject({ failures: 0, error: null, version: null })
  expect(looks).toBe(3)
  await source.close()
})
