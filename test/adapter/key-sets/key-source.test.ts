/** Keeping a key set fresh: rotation, revocation, outage and return, with the clock in our hands. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type { Fetched } from '../../../service/adapter/key-sets/fetch-key-set.ts'
import { parseKeySet } from '../../../service/adapter/key-sets/key-set.ts'
import { refreshPace } from '../../../service/adapter/key-sets/refresh-pace.ts'
import { createKeySource, type KeySource } from '../../../service/adapter/key-sets/key-source.ts'

const minute = 60_000
let a: JWK
let b: JWK

/** What the other side serves; an Error is an outage. */
let served: unknown
let maxAge: number | null
let loads: number
let changes: number
let events: string[]
let source: KeySource

const kids = (): string[] | null => {
  const set = source.current()
  return set === null ? null : [...set.keys.keys()]
}

async function load(): Promise<Fetched> {
  loads += 1
  await Promise.resolve()
  if (served instanceof Error) throw served
  return { bytes: new TextEncoder().encode(JSON.stringify(served)), maxAgeSeconds: maxAge }
}

async function open(first: unknown): Promise<void> {
  served = first
  source = createKeySource({
    load,
    read: (bytes) => parseKeySet(bytes, 'spiffe', ['ES256']),
    clock: { now: () => Date.now(), uuid: () => '' },
    pace: refreshPace(undefined, () => 0),
    keeper: null,
    changed: () => (changes += 1),
    observe: ({ event }) => events.push(event),
  })
  await source.settled()
}

const after = async (milliseconds: number): Promise<void> => {
  await jest.advanceTimersByTimeAsync(milliseconds)
}

beforeEach(async () => {
  const make = async (kid: string): Promise<JWK> => ({
    ...(await exportJWK((await generateKeyPair('ES256')).publicKey)),
    kid,
    use: 'jwt-svid',
  })
  ;[a, b] = [await make('a'), await make('b')]
  ;[loads, changes, events, maxAge] = [0, 0, [], null]
  jest.useFakeTimers({ now: 1_800_000_000_000 })
})

afterEach(() => {
  source.close()
  jest.useRealTimers()
})

describe('rotation', () => {
  it('a set is loaded at once, and again every five minutes', async () => {
    await open({ keys: [a] })
    expect([kids(), loads, changes]).toEqual([['a'], 1, 1])
    await after(5 * minute)
    expect([loads, changes, events]).toEqual([2, 1, ['loaded']])
  })

  it('a key that is gone is revoked, an empty list revokes all', async () => {
    await open({ keys: [a, b] })
    served = { keys: [b] }
    await after(5 * minute)
    expect([kids(), changes, events]).toEqual([['b'], 2, ['loaded', 'loaded']])
    served = { keys: [] }
    await after(5 * minute)
    expect([kids(), changes, source.failure()]).toEqual([[], 3, null])
  })

  it.each([
    ['max-age', { maxAge: 120 }, 120],
    ['a max-age that is short', { maxAge: 1 }, 30],
    ['a max-age that is long', { maxAge: 86_400 }, 1200],
    ['the hint of the bundle, before max-age', { maxAge: 500, hint: 60 }, 60],
  ])(
    'is as often as %s says, within bounds',
    async (_name, { maxAge: age, ...rest }: { maxAge: number; hint?: number }, seconds) => {
      maxAge = age
      await open({ keys: [a], ...('hint' in rest ? { spiffe_refresh_hint: rest.hint } : {}) })
      await after(seconds * 1000 - 1)
      expect(loads).toBe(1)
      await after(1)
      expect(loads).toBe(2)
    },
  )

  it('the same kid with another key is used, and an alarm', async () => {
    await open({ keys: [a] })
    served = { keys: [{ ...b, kid: 'a' }] }
    await after(5 * minute)
    expect([kids(), changes, events]).toEqual([['a'], 2, ['loaded', 'loaded', 'kid_reused']])
  })

  it('an entry that is left out is reported', async () => {
    await open({ keys: [a, { kty: 'EC', use: 'enc' }] })
    expect(events).toEqual(['loaded', 'entry_ignored'])
  })
})

describe('the sequence of a bundle', () => {
  it('may not go backwards', async () => {
    await open({ keys: [a], spiffe_sequence: 7 })
    served = { keys: [b], spiffe_sequence: 6 }
    await after(5 * minute)
    expect([kids(), events, source.failure()]).toEqual([
      ['a'],
      ['loaded', 'load_failed'],
      'spiffe_sequence went backwards: an old bundle is served',
    ])
    served = { keys: [b], spiffe_sequence: 8 }
    await after(minute)
    expect([kids(), source.failure()]).toEqual([['b'], null])
    expect(events).toEqual(['loaded', 'load_failed', 'loaded'])
  })

  it('may be left out, and is not forgotten', async () => {
    await open({ keys: [a], spiffe_sequence: 7 })
    served = { keys: [b] }
    await after(5 * minute)
    expect(kids()).toEqual(['b'])
    served = { keys: [a], spiffe_sequence: 6 }
    await after(5 * minute)
    expect(kids()).toEqual(['b'])
  })

  it('with other keys under the same number is an alarm', async () => {
    await open({ keys: [a], spiffe_sequence: 7 })
    served = { keys: [b], spiffe_sequence: 7 }
    await after(5 * minute)
    expect([kids(), events]).toEqual([['b'], ['loaded', 'loaded', 'sequence_reused']])
  })
})

describe('an outage', () => {
  it('the last good set serves for an hour, then there are no keys, then they return', async () => {
    await open({ keys: [a] })
    served = new Error('down')
    await after(60 * minute)
    expect([kids(), changes, source.failure()]).toEqual([['a'], 1, 'down'])
    await after(minute)
    expect([kids(), changes]).toEqual([null, 2])
    expect(events).toContain('too_old')
    served = { keys: [a] }
    await after(5 * minute)
    expect([kids(), changes, source.failure()]).toEqual([['a'], 3, null])
  })

  it('age is judged at each use, not only when a load fails', async () => {
    await open({ keys: [a] })
    source.close()
    jest.setSystemTime(Date.now() + 61 * minute)
    expect([kids(), changes]).toEqual([null, 2])
  })

  it('a key that was removed does not come back while the endpoint fails', async () => {
    await open({ keys: [a, b] })
    served = { keys: [b] }
    await after(5 * minute)
    served = new Error('down')
    await after(30 * minute)
    expect(kids()).toEqual(['b'])
  })

  it('is retried with growing pauses, never in a storm', async () => {
    await open(new Error('down'))
    expect([loads, kids()]).toEqual([1, null])
    const seen: number[] = []
    for (let i = 0; i < 8; i += 1) {
      const before = loads
      let waited = 0
      while (loads === before) {
        await after(1000)
        waited += 1
      }
      seen.push(waited)
    }
    expect(seen).toEqual([5, 10, 20, 40, 80, 160, 300, 300])
  })

  it('what is not a key set is an outage', async () => {
    await open({ keys: [a] })
    for (const nonsense of ['<html>', { keys: [{ kty: 'oct', k: 'AA' }] }, {}]) {
      served = nonsense
      await source.refresh()
      expect(kids()).toEqual(['a'])
    }
    expect(source.failure()).toBe('its member keys is not a list of objects')
    expect(events.filter((event) => event === 'load_failed')).toHaveLength(3)
  })

  it('a source that throws something odd is an outage too', async () => {
    await open({ keys: [a] })
    const odd = createKeySource({
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what we test
      load: () => Promise.reject('odd'),
      read: () => ({ ok: false, reason: '' }),
      clock: { now: () => 0, uuid: () => '' },
      pace: refreshPace(),
      keeper: null,
      changed: () => undefined,
      observe: () => undefined,
    })
    await odd.settled()
    expect(odd.failure()).toBe('it cannot be loaded')
    odd.close()
  })
})

describe('a key that is missing', () => {
  it('is asked for at most once in 30 seconds', async () => {
    await open({ keys: [a] })
    served = { keys: [a, b] }
    await Promise.all(Array.from({ length: 50 }, () => source.demand()))
    expect([loads, kids()]).toEqual([2, ['a', 'b']])
    await source.demand()
    await after(29_999)
    await source.demand()
    expect(loads).toBe(2)
    await after(1)
    await source.demand()
    expect(loads).toBe(3)
  })

  it('joins a load that is under way, at no cost', async () => {
    await open({ keys: [a] })
    const flight = source.refresh()
    await Promise.all([flight, source.demand(), source.refresh(), source.settled()])
    expect(loads).toBe(2)
    await source.demand()
    expect(loads).toBe(3)
  })
})

it('after close nothing is loaded, and nothing that arrives late is used', async () => {
  await open({ keys: [a] })
  served = { keys: [b] }
  const late = source.refresh()
  source.close()
  await late
  await source.demand()
  await after(60 * minute)
  expect([loads, kids()]).toEqual([2, ['a']])
})
