/** A publication that fails or dies at any step, before or after it took effect: nobody ever sees a log that is not so. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import { sampleEvent } from '../../scripts/sample-draft.ts'
import { systemClock } from '../../service/adapter/clock/system-clock.ts'
import { MemoryLog } from '../../service/adapter/memory-log/memory-log.ts'
import { GrowingTiles } from '../../service/audit/growing-tiles.ts'
import { leafHash } from '../../service/audit/merkle.ts'
import { parseCheckpoint } from '../../service/audit/checkpoint.ts'
import { parseNote } from '../../service/audit/signed-note.ts'
import { parseProof } from '../../service/audit/tlog-proof.ts'
import { includes, isConsistent } from '../../service/audit/verify-proof.ts'
import { proveConsistent, proveLogged } from '../../service/flow/prove-logged.ts'
import { Publisher } from '../../service/flow/publisher.ts'
import { resumePublication } from '../../service/flow/resume-publication.ts'
import { MemoryPublication, type Step } from '../support/memory-publication.ts'
import { readPublished } from '../support/read-published.ts'

const origin = 'pdp.test/acme'
let audit: MemoryLog
let publication: MemoryPublication
let told: string[]
let written: number
beforeEach(() => {
  audit = new MemoryLog(origin)
  publication = new MemoryPublication(origin)
  told = []
  written = 0
})

async function grow(entries: number): Promise<void> {
  for (let i = 0; i < entries; i += 1) {
    await audit.append(sampleEvent(`evt_${written}`, 'wf_1', 1_900_000_000), null)
    written += 1
  }
}

/** As a start does. */
async function started(): Promise<Publisher> {
  return new Publisher(await resumePublication(publication), {
    ...{ audit, publication, clock: systemClock, witnesses: null },
    failed: (error) => told.push((error as Error).message),
  })
}

const read = (path: string): Uint8Array | null => publication.files.get(path) ?? null
const seen = (): readonly string[] => readPublished(read, publication.key)
const tokens = async (): Promise<string[]> =>
  (await audit.entries(0, written)).map(({ token }) => token)

it('what is published is what is durable, at every size', async () => {
  const publisher = await started()
  for (const more of [1, 1, 253, 1, 1, 300, 700]) {
    await grow(more)
    await publisher.publish()
    expect(seen()).toEqual(await tokens())
    expect(publisher.size).toBe(written)
  }
  expect(told).toEqual([])
})

it('nothing is signed before its files are durable, nor published before it is kept', async () => {
  const publisher = await started()
  await grow(300)
  publication.asked.length = 0
  await publisher.publish()
  expect(publication.asked).toEqual(['write', 'write', 'sign', 'keep', 'publish', 'tidy'])
  await publisher.publish()
  expect(publication.asked).toHaveLength(6)
})

const steps: readonly Step[] = ['write', 'sign', 'keep', 'publish', 'tidy']
const table = steps.flatMap((step) =>
  (['lost', 'persisted'] as const).flatMap((form) =>
    [1, 2].map((nth) => [step, form, nth] as const),
  ),
)

describe.each(table)('%s fails, %s, the %d. time', (step, form, nth) => {
  async function failing(): Promise<Publisher> {
    const publisher = await started()
    await grow(250)
    publication.plan = (at, count) => (at === step && count === nth ? form : null)
    for (let i = 0; i < 3 && publisher.failure === null; i += 1) {
      await publisher.publish()
      // A reader at this very moment: an older log, or the whole new one.
      expect((await tokens()).slice(0, seen().length)).toEqual(seen())
      await grow(10)
    }
    expect(told).toHaveLength(1)
    return publisher
  }

  it('the next attempt publishes all', async () => {
    const publisher = await failing()
    await publisher.publish()
    expect(publisher.failure).toBeNull()
    expect(seen()).toEqual(await tokens())
  })

  it('and we die: the next start publishes all, and leaves nothing behind', async () => {
    await failing()
    const again = await started()
    await again.publish()
    expect(seen()).toEqual(await tokens())
    expect(
      [...publication.files.keys()].filter((path) => path.startsWith('tile/0/000.p/')),
    ).toEqual([])
  })
})

it('a checkpoint that was kept and not published is published by the next start, though nothing is new', async () => {
  const first = await started()
  await grow(20)
  await first.publish()
  await grow(20)
  publication.plan = (step) => (step === 'publish' ? 'lost' : null)
  await first.publish()
  const { kept } = publication
  publication.plan = () => null
  const again = await started()
  expect(seen()).toHaveLength(20)
  await again.publish()
  expect(seen()).toEqual(await tokens())
  expect(Buffer.from(read('checkpoint')!).toString()).toBe(kept)
})

describe('a start', () => {
  it('goes on where the last one ended, without reading what was published before', async () => {
    const first = await started()
    await grow(600)
    await first.publish()
    const again = await started()
    expect(again.size).toBe(600)
    const before = new Map(publication.files)
    await grow(1)
    await again.publish()
    expect(seen()).toEqual(await tokens())
    expect(publication.files.get('tile/entries/000')).toBe(before.get('tile/entries/000'))
  })

  it.each([
    ['has lost a tile', (files: Map<string, Uint8Array>) => files.delete('tile/0/002.p/88')],
    ['has lost its checkpoint', (files: Map<string, Uint8Array>) => files.delete('checkpoint')],
    [
      'has lost everything',
      (files: Map<string, Uint8Array>) => {
        files.clear()
      },
    ],
    [
      'has another hash',
      (files: Map<string, Uint8Array>) => {
        const tile = files.get('tile/1/000.p/2')!
        files.set('tile/1/000.p/2', tile.with(5, tile[5]! ^ 1))
      },
    ],
  ])('writes the log anew when it %s', async (_, damage) => {
    const first = await started()
    await grow(600)
    await first.publish()
    damage(publication.files)
    const again = await started()
    expect(again.size).toBe(0)
    await again.publish()
    expect(seen()).toEqual(await tokens())
    await expect(proveConsistent(300, 600, again)).resolves.toMatchObject({ from: 300, to: 600 })
  })
})

it('entries that are not those that were acknowledged are never signed', async () => {
  await grow(5)
  const { size } = audit.head()
  const other = {
    origin,
    head: () => ({ size, root: new Uint8Array(32) }),
    leaves: audit.leaves.bind(audit),
  }
  const publisher = new Publisher(
    { tiles: new GrowingTiles(), note: null, at: null },
    {
      audit: other,
      publication,
      clock: systemClock,
      witnesses: null,
      failed: (error) => told.push((error as Error).message),
    },
  )
  await publisher.publish()
  await publisher.publish()
  expect(told).toHaveLength(1)
  expect(publisher.failure).toMatch(/not those that were acknowledged/u)
  expect(publication.asked).not.toContain('sign')
  expect(publisher.notices()).toHaveLength(1)
})

describe('a proof', () => {
  it('of an entry that is not published yet publishes it first', async () => {
    const publisher = await started()
    await grow(300)
    const [recorded] = await audit.entries(299, 1)
    const proof = parseProof(await proveLogged(recorded!, publisher))!
    const { size, root } = parseCheckpoint(parseNote(proof.checkpoint)!.text)!
    expect(includes({ ...proof, size, root, leafHash: leafHash(recorded!.token) })).toBe(true)
    expect(proof.index).toBe(299)
  })

  it('is not given when nothing can be published', async () => {
    const publisher = await started()
    await grow(1)
    publication.plan = (step) => (step === 'keep' ? 'lost' : null)
    const [recorded] = await audit.entries(0, 1)
    await expect(proveLogged(recorded!, publisher)).rejects.toMatchObject({ code: 'not_ready' })
    await expect(proveConsistent(1, null, publisher)).rejects.toMatchObject({ code: 'not_ready' })
  })

  it('holds between any two published sizes, and for no others', async () => {
    const publisher = await started()
    await grow(520)
    await publisher.publish()
    const bytes = (text: string): Uint8Array => Buffer.from(text, 'base64')
    for (const [from, to] of [
      [1, 520],
      [255, 256],
      [256, 513],
      [520, 520],
      [300, 301],
    ] as const) {
      const { from_root, to_root, proof } = await proveConsistent(from, to, publisher)
      const roots = { fromRoot: bytes(from_root), toRoot: bytes(to_root) }
      expect(isConsistent({ from, to, ...roots, proof: proof.map(bytes) })).toBe(true)
    }
    for (const [from, to] of [
      [0, 5],
      [6, 5],
      [1, 521],
    ] as const) {
      await expect(proveConsistent(from, to, publisher)).rejects.toMatchObject({
        code: 'invalid_request',
      })
    }
  })

  it('is never made of damaged tiles', async () => {
    const publisher = await started()
    await grow(300)
    await publisher.publish()
    const tile = publication.files.get('tile/0/000')!
    publication.files.set('tile/0/000', tile.with(40, tile[40]! ^ 1))
    const [recorded] = await audit.entries(0, 1)
    await expect(proveLogged(recorded!, publisher)).rejects.toMatchObject({ code: 'log_corrupt' })
    await expect(proveConsistent(2, 5, publisher)).rejects.toMatchObject({ code: 'log_corrupt' })
    publication.files.delete('tile/0/000')
    await expect(proveLogged(recorded!, publisher)).rejects.toMatchObject({ code: 'log_corrupt' })
  })

  it('reads the full tile where the partial one is gone', async () => {
    const publisher = await started()
    await grow(200)
    await publisher.publish()
    const partial = publication.files.get('tile/0/000.p/200')!
    publication.files.delete('tile/0/000.p/200')
    publication.files.set('tile/0/000', Buffer.concat([partial, Buffer.alloc(56 * 32)]))
    const [recorded] = await audit.entries(7, 1)
    expect(parseProof(await proveLogged(recorded!, publisher))?.index).toBe(7)
  })
})
