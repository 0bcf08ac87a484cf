/** What a restart finds of a key set: as old as it is, from where it was fetched, and never an older bundle. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { JWK } from 'jose'
import { createKeySets, type KeySetNotice } from '../../../service/adapter/key-sets/key-sets.ts'
import type { SpiffeBundleSource } from '../../../service/contract/config.ts'
import type { KeySets } from '../../../service/port/key-sets.ts'
import { createTestIssuer, idp } from '../../support/issuer.ts'

const minute = 60_000
let directory: string
let [a, b]: JWK[] = []
let now: number
let served: unknown
let notices: KeySetNotice[]
let open: KeySets[]

beforeAll(async () => {
  a = { ...(await createTestIssuer('ES256', 'a')).jwk, use: 'jwt-svid' }
  b = { ...(await createTestIssuer('ES256', 'b')).jwk, use: 'jwt-svid' }
})
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kept-'))
  now = 1_800_000_000_000
  ;[notices, open] = [[], []]
})
afterEach(async () => {
  for (const keySets of open) await keySets.close()
})
afterAll(() => {
  rmSync(directory, { recursive: true })
})

const bundle: SpiffeBundleSource = { url: 'https://bundles.example/one' }

/** Starts, and waits for the first load to end. */
async function start(from: SpiffeBundleSource = bundle): Promise<KeySets> {
  const keySets = await createKeySets(
    [{ id: 'acme', issuers: [], trust_domains: [{ name: 'example.org', bundle: from }] }],
    {
      clock: { now: () => now, uuid: () => '' },
      directoryOf: () => directory,
      observe: (notice) => notices.push(notice),
      fetch: async () => {
        await Promise.resolve()
        if (served instanceof Error) throw served
        return { bytes: Buffer.from(JSON.stringify(served)), maxAgeSeconds: null }
      },
    },
  )
  open.push(keySets)
  await keySets.authorities('acme', 'example.org')
  return keySets
}

async function find(keySets: KeySets, kid: string): Promise<string> {
  const query = { tenant: 'acme', kind: 'jwt_svid', issuer: 'example.org', alg: 'ES256' } as const
  const found = await keySets.find({ ...query, kid })
  return found.ok ? 'found' : found.failure
}

async function restart(from?: SpiffeBundleSource): Promise<KeySets> {
  await Promise.all(open.splice(0).map((keySets) => keySets.close()))
  notices = []
  return await start(from)
}

const path = (): string => join(directory, readdirSync(directory)[0] ?? '')
const kept = (): Record<string, unknown> => JSON.parse(readFileSync(path(), 'utf8'))
const events = (): string[] => notices.map(({ event }) => event)

describe('while the endpoint is down, a restart', () => {
  beforeEach(async () => {
    served = { keys: [a], spiffe_sequence: 7 }
    await (await start()).close()
    served = new Error('down')
  })

  it('goes on with the last good set', async () => {
    now += 20 * minute
    const keySets = await restart()
    expect([await find(keySets, 'a'), await find(keySets, 'b')]).toEqual(['found', 'key_not_found'])
    expect(events()).toEqual(['taken_from_disk', 'load_failed', 'load_failed'])
    expect(keySets.unavailable('acme')).toEqual([])
  })

  it('does not make it younger', async () => {
    now += 59 * minute
    const keySets = await restart()
    expect(await find(keySets, 'a')).toBe('found')
    now += 2 * minute
    expect(await find(keySets, 'a')).toBe('keys_unavailable')
    expect(await find(await restart(), 'a')).toBe('keys_unavailable')
    expect(events()).not.toContain('taken_from_disk')
  })

  it('counts as long as the configuration says', async () => {
    now += 3 * minute
    expect(await find(await restart({ ...bundle, max_stale_seconds: 120 }), 'a')).toBe(
      'keys_unavailable',
    )
    now += 200 * minute
    expect(await find(await restart({ ...bundle, max_stale_seconds: 14_400 }), 'a')).toBe('found')
  })

  it.each([
    ['of another place', { url: 'https://bundles.example/two' }],
    ['of a place that was reached otherwise', { ...bundle, internal: true }],
  ])('does not take what is %s', async (_name, from) => {
    expect(await find(await restart(from), 'a')).toBe('keys_unavailable')
    expect(events()).not.toContain('taken_from_disk')
  })

  it.each([
    ['is from the future', { fetched_at: 1_900_000_000_000 }],
    ['is not a key set', { body: Buffer.from('{}').toString('base64') }],
    ['is of another version', { v: 2 }],
    ['has a member that nobody wrote', { extra: 1 }],
  ])('does not take what %s', async (_name, changes) => {
    writeFileSync(path(), JSON.stringify({ ...kept(), ...changes }))
    expect(await find(await restart(), 'a')).toBe('keys_unavailable')
    expect(events()).toContain('not_kept')
  })

  it('does not take half a file', async () => {
    writeFileSync(path(), readFileSync(path(), 'utf8').slice(0, 100))
    expect(await find(await restart(), 'a')).toBe('keys_unavailable')
  })
})

describe('after a restart', () => {
  it.each([0, 20, 61])(
    'a bundle may not be older than the one before: %d minutes on',
    async (m) => {
      served = { keys: [a], spiffe_sequence: 7 }
      await start()
      served = { keys: [b], spiffe_sequence: 6 }
      now += m * minute
      const keySets = await restart()
      expect(await find(keySets, 'b')).toBe(m > 60 ? 'keys_unavailable' : 'key_not_found')
      expect(notices.find(({ event }) => event === 'load_failed')?.detail).toContain(
        'went backwards',
      )
      served = { keys: [b], spiffe_sequence: 8 }
      expect(await find(await restart(), 'b')).toBe('found')
    },
  )

  it('a key that was removed stays removed', async () => {
    served = { keys: [a, b] }
    await start()
    served = { keys: [b] }
    await restart()
    served = new Error('down')
    const keySets = await restart()
    expect([await find(keySets, 'a'), await find(keySets, 'b')]).toEqual(['key_not_found', 'found'])
  })
})

it('a disk that takes nothing costs nothing now, and is told', async () => {
  served = { keys: [a] }
  rmSync(directory, { recursive: true })
  writeFileSync(directory, 'a file where the directory should be')
  expect(await find(await start(), 'a')).toBe('found')
  expect(events()).toContain('not_kept')
})

it('a fetched set of an issuer is kept apart from those of other kinds', async () => {
  const issuer = { issuer: idp, algorithms: ['ES256' as const], keys: bundle }
  served = { keys: [{ ...a, use: 'sig' }] }
  const keySets = await createKeySets(
    [
      {
        id: 'acme',
        issuers: [
          { ...issuer, kinds: ['initiator'] },
          { ...issuer, kinds: ['pep'] },
        ],
        trust_domains: [],
      },
    ],
    {
      clock: { now: () => now, uuid: () => '' },
      directoryOf: () => directory,
      fetch: () =>
        Promise.resolve({ bytes: Buffer.from(JSON.stringify(served)), maxAgeSeconds: null }),
    },
  )
  for (const kind of ['initiator', 'pep'] as const) {
    const query = { tenant: 'acme', issuer: idp, kid: 'a', alg: 'ES256' }
    expect(await keySets.find({ ...query, kind })).toMatchObject({ ok: true })
  }
  await keySets.close()
  expect(readdirSync(directory)).toHaveLength(2)
})
