/** A running service while its policy changes: swapped, refused, pinned, rolled back, resumed, stale. */
import { execFile } from 'node:child_process'
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import { startWith, stopAll, stopOne, until, type Started } from '../support/policy-service.ts'
import {
  registryCopy,
  registryWithout,
  releasedBundles,
  type Release,
} from '../support/released-bundles.ts'

afterEach(stopAll)

async function refusedFor(service: Started): Promise<readonly string[]> {
  let reasons: readonly string[] = []
  await until(async () => {
    reasons = (await service.state()).refused?.reasons ?? []
    return reasons.length > 0
  })
  return reasons
}

/** Without the capability that the example uses. */
const narrower = registryWithout('tool:status')

describe('a new release', () => {
  it('decides soon after it appears, and every decision names what decided it', async () => {
    const release = releasedBundles()
    const service = await startWith(release.directory)
    const before = (await service.state()).active?.digest
    expect(await service.effect()).toBe('permit')
    release.release(narrower, 11)
    await until(async () => (await service.effect()) === 'deny')
    const after = (await service.state()).active
    expect(after?.digest).not.toBe(before)
    expect(after?.bundles.map(({ signed_by: key }) => key)).toEqual(['development', 'development'])
    const { body } = await service.post('/v1/decisions', service.permitted)
    expect(body).toMatchObject({ binding: { policy: { digest: after?.digest } } })
  })

  it('never answers a query by half of each', async () => {
    const release = releasedBundles()
    const service = await startWith(release.directory)
    const effects = new Map<string, Set<string>>()
    let swapping = true
    const asking = Array.from({ length: 8 }, async () => {
      while (swapping) {
        const { status, body } = await service.post('/v1/decisions', service.permitted)
        expect(status).toBe(200)
        const { policy } = body['binding'] as { policy: { digest: string } }
        const seen = effects.get(policy.digest) ?? new Set()
        effects.set(policy.digest, seen.add(String(body['effect'])))
        // Reading a set yields to those who ask: who never rests makes every swap long.
        await pause(5)
      }
    })
    for (let i = 0; i < 4; i += 1) {
      const registry = i % 2 === 0 ? narrower : registryCopy()
      release.release(registry, 11 + i)
      const wanted = i % 2 === 0 ? 'deny' : 'permit'
      await until(async () => (await service.effect()) === wanted)
    }
    swapping = false
    await Promise.all(asking)
    expect(effects.size).toBe(5)
    for (const seen of effects.values()) expect(seen.size).toBe(1)
  })
})

describe('a release that is refused', () => {
  const refusals: readonly (readonly [string, string, (release: Release) => void])[] = [
    [
      'was changed on its way',
      'signature',
      (release) => {
        const bytes = Uint8Array.from(release.registryBytes())
        bytes[bytes.length - 30] = (bytes[bytes.length - 30] ?? 0) ^ 1
        release.replace(bytes)
      },
    ],
    [
      'goes back to an older sequence',
      'sequence_backwards',
      (release) => {
        release.release(narrower, 9)
      },
    ],
    [
      'has data outside its schema',
      'registry',
      (release) => {
        release.release({ ...narrower, purposes: { p: {} } } as never, 11)
      },
    ],
  ]

  it.each(refusals)('because it %s leaves the old one deciding', async (_, reason, change) => {
    const release = releasedBundles()
    const service = await startWith(release.directory)
    const before = (await service.state()).active
    change(release)
    const reasons = await refusedFor(service)
    if (reason !== 'signature') expect(reasons).toContain(reason)
    expect((await service.state()).active).toEqual(before)
    expect(await service.effect()).toBe('permit')
    expect(await service.get('/readyz')).toMatchObject({
      status: 'ready',
      notices: { dev: [expect.stringContaining('refused')] },
    })
    release.release(narrower, 12)
    await until(async () => (await service.effect()) === 'deny')
    // It decides before it is told of.
    await until(async () => (await service.state()).refused === null)
  })

  it('refuses the start when nothing good is known', async () => {
    const release = releasedBundles()
    release.replace(new TextEncoder().encode('no bundle'))
    await expect(startWith(release.directory)).rejects.toMatchObject({ code: 'bundle_refused' })
  })
})

describe('an operator', () => {
  type Ended = { readonly status: number; readonly stdout: string; readonly stderr: string }
  const main = join(import.meta.dirname, '../../service/main.ts')
  const countersign = (service: Started, ...args: readonly string[]): Promise<Ended> => {
    const given = [main, 'bundle', ...args, '--url', service.url, '--data', service.data]
    return new Promise((resolve) => {
      execFile(process.execPath, given, (error, stdout, stderr) => {
        resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr })
      })
    })
  }

  it('rolls back, and what the sources bring waits until it is unpinned', async () => {
    const release = releasedBundles()
    const service = await startWith(release.directory)
    release.release(narrower, 11)
    await until(async () => (await service.effect()) === 'deny')
    const back = await countersign(service, 'rollback', '--reason', 'status is needed')
    expect(back).toMatchObject({ status: 0, stderr: '' })
    expect(back.stdout).toMatch(/pinned +by dev-gateway .*rollback.*status is needed/u)
    expect(await service.effect()).toBe('permit')
    release.release(narrower, 12)
    await pause(500)
    expect(await service.effect()).toBe('permit')
    const restarted = await restartWith(service, release.directory)
    expect(await restarted.effect()).toBe('permit')
    expect(await countersign(restarted, 'unpin', '--reason', 'mended')).toMatchObject({ status: 0 })
    expect(await restarted.effect()).toBe('deny')
    const history = await countersign(restarted, 'history', '--json')
    expect((JSON.parse(history.stdout) as { sets: unknown[] }).sets).toHaveLength(3)
  })

  it('pins by digest, is told what cannot be, and needs a reason', async () => {
    const release = releasedBundles()
    const service = await startWith(release.directory)
    const { active } = await service.state()
    expect(await countersign(service, 'pin')).toMatchObject({ status: 2 })
    expect((await countersign(service, 'unpin', '--reason', 'x')).stderr).toMatch(
      /Nothing is pinned/u,
    )
    const unknown = `sha256:${'0'.repeat(64)}`
    expect((await countersign(service, 'pin', unknown, '--reason', 'x')).stderr).toMatch(/No set/u)
    expect((await countersign(service, 'rollback', '--reason', 'x')).stderr).toMatch(
      /no set to go to/u,
    )
    const pinned = await countersign(
      service,
      'pin',
      active?.digest ?? '',
      '--reason',
      'freeze',
      '--json',
    )
    expect(JSON.parse(pinned.stdout)).toMatchObject({ pin: { kind: 'pin', reason: 'freeze' } })
  })

  async function restartWith(service: Started, directory: string): Promise<Started> {
    await stopOne(service)
    return startWith(directory, { data: service.data })
  }
})

describe('a start without its source', () => {
  async function withoutSource(staleness: number): Promise<{ service: Started; release: Release }> {
    const release = releasedBundles()
    const first = await startWith(release.directory)
    await stopOne(first)
    renameSync(release.directory, `${release.directory}-gone`)
    return { service: await startWith(release.directory, { data: first.data, staleness }), release }
  }

  it('comes up on the last good set, and takes the source up again', async () => {
    const { service, release } = await withoutSource(3600)
    expect(await service.effect()).toBe('permit')
    expect((await service.state()).sources[0]?.failures).toBeGreaterThan(0)
    renameSync(`${release.directory}-gone`, release.directory)
    release.release(narrower, 11)
    await until(async () => (await service.effect()) === 'deny')
  })

  it('denies past the staleness limit, and says so', async () => {
    const { service } = await withoutSource(1)
    await until(async () => (await service.effect()) === 'deny')
    const { body } = await service.post('/v1/decisions', service.permitted)
    expect(body).toMatchObject({ effect: 'deny', reasons: [{ code: 'policy.stale' }] })
    expect(await service.get('/readyz')).toMatchObject({
      status: 'not_ready',
      tenants: { dev: [expect.stringContaining('stale')] },
    })
  })

  it('refuses a store that was changed', async () => {
    const release = releasedBundles()
    const first = await startWith(release.directory)
    await stopOne(first)
    const store = join(first.data, 'tenants/dev/bundles')
    const state = await service(first.data)
    for (const { digest } of state.sets[0]?.bundles ?? []) {
      const path = join(store, `${digest.replace('sha256:', '')}.tar.gz`)
      expect(existsSync(path)).toBe(true)
      writeFileSync(path, 'changed')
    }
    renameSync(release.directory, `${release.directory}-gone`)
    const second = await startWith(release.directory, { data: first.data })
    expect(await second.effect()).toBe('deny')
    expect((await second.get('/readyz'))['status']).toBe('not_ready')
  })
})

async function service(data: string): Promise<{ sets: { bundles: { digest: string }[] }[] }> {
  const { openBundleStore } =
    await import('../../service/adapter/bundle-store/file-bundle-store.ts')
  const store = await openBundleStore(join(data, 'tenants/dev/bundles'))
  return store.state()
}
