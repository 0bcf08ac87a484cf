/** The published log in files: held against the entries at every start, and written anew from them. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { sampleEvent } from '../../../scripts/sample-draft.ts'
import type { FileAuditLog } from '../../../service/adapter/audit-log/file-audit-log.ts'
import { systemClock } from '../../../service/adapter/clock/system-clock.ts'
import { encodeFrames } from '../../../service/audit/frame.ts'
import { parseVerifierKey, printVerifierKey } from '../../../service/audit/note-key.ts'
import { scanSegment } from '../../../service/audit/scan.ts'
import { Publisher } from '../../../service/flow/publisher.ts'
import { resumePublication } from '../../../service/flow/resume-publication.ts'
import { readPublished } from '../../support/read-published.ts'
import { origin, TemporaryLogs } from './temporary-log.ts'

const logs = new TemporaryLogs()
let directory: string
beforeEach(() => {
  directory = logs.directory()
})
afterEach(() => logs.clean())

async function grow(log: FileAuditLog, entries: number): Promise<void> {
  const from = log.size()
  const drafts = Array.from({ length: entries }, (_, i) =>
    sampleEvent(`evt_${from + i}`, 'wf_1', 1_900_000_000 + from + i),
  )
  await Promise.all(drafts.map((draft) => log.append(draft, null)))
}

async function publishedBy(log: FileAuditLog): Promise<Publisher> {
  const { publication } = log
  const publisher = new Publisher(await resumePublication(publication), {
    ...{ audit: log, publication, clock: systemClock, witnesses: null },
    failed: (error) => {
      throw error
    },
  })
  await publisher.publish()
  return publisher
}

const place = (path: string): string => join(directory, 'published', path)
const read = (path: string): Uint8Array | null =>
  existsSync(place(path)) ? readFileSync(place(path)) : null
const tokensOf = async (log: FileAuditLog): Promise<string[]> =>
  (await log.entries(0, log.size())).map(({ token }) => token)

/** A closed log of so many entries, all of them published. */
async function published(entries: number): Promise<void> {
  const log = await logs.open(directory)
  await grow(log, entries)
  await publishedBy(log)
  await log.close()
}

function segments(): string[] {
  const names = readdirSync(join(directory, 'log')).filter((name) => /^\d/u.test(name))
  return names.sort().map((name) => join(directory, 'log', name))
}

/** The frames of the log rewritten, with checksums that hold: what someone does who knows the format. */
function rewrite(path: string, edit: (leaves: string[]) => string[]): void {
  const segment = readFileSync(path)
  const { frames } = scanSegment(segment, crc32)
  const leaves = edit(frames.map(({ leaf }) => Buffer.from(leaf).toString('latin1')))
  const bytes = Buffer.alloc(segment.length)
  let at = 0
  for (const leaf of leaves) {
    const frame = encodeFrames([{ leaf, disclosure: new Uint8Array(0) }], crc32)
    bytes.set(frame, at)
    at += frame.length
  }
  writeFileSync(path, bytes)
  rmSync(join(directory, 'index'), { recursive: true })
}

/** The same claims under another signature: every check of the log itself passes. */
const signedAnew = (leaf: string): string =>
  `${leaf.slice(0, -4)}${leaf.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`

describe('the published log', () => {
  it('is what is durable, over several segments, restarts and a crash', async () => {
    let log = await logs.open(directory)
    for (const more of [1, 30, 300, 3]) {
      await grow(log, more)
      const publisher = await publishedBy(log)
      expect(publisher.failure).toBeNull()
      expect(readPublished(read, log.publication.key)).toEqual(await tokensOf(log))
      await log.close()
      log = await logs.open(directory)
    }
    expect(segments().length).toBeGreaterThan(2)
    await grow(log, 7)
    const copy = logs.crashCopy(directory)
    const crashed = await logs.open(copy)
    directory = copy
    await publishedBy(crashed)
    expect(readPublished(read, crashed.publication.key)).toEqual(await tokensOf(crashed))
  })

  it('of a log that was never published is made from its entries', async () => {
    const log = await logs.open(directory)
    await grow(log, 40)
    await log.close()
    for (const name of ['published', 'keys/note-ed25519.jwk'])
      rmSync(join(directory, name), { recursive: true })
    const again = await logs.open(directory)
    await publishedBy(again)
    expect(readPublished(read, again.publication.key)).toHaveLength(40)
  })

  it('is written anew when its directory is gone, and signs the same root again', async () => {
    await published(300)
    const before = read('checkpoint')
    rmSync(join(directory, 'published'), { recursive: true })
    const log = await logs.open(directory)
    await publishedBy(log)
    expect(read('checkpoint')).toEqual(before)
  })

  it('removes partial tiles once the full ones are under a checkpoint', async () => {
    const log = await logs.open(directory)
    await grow(log, 255)
    const publisher = await publishedBy(log)
    expect(existsSync(place('tile/0/000.p/255'))).toBe(true)
    await grow(log, 1)
    await publisher.publish()
    expect(existsSync(place('tile/0/000.p'))).toBe(false)
    expect(existsSync(place('tile/entries/000.p'))).toBe(false)
    expect(existsSync(place('tile/entries/000'))).toBe(true)
  })

  it('says how it is verified: the note key, and when each key signed entries', async () => {
    await published(3)
    const other = await logs.open(directory, { algorithm: 'Ed25519' })
    await grow(other, 2)
    await other.close()
    const log = await logs.open(directory, { algorithm: 'Ed25519' })
    const vkey = Buffer.from(read('keys/log.vkey')!).toString()
    expect(vkey).toBe(`${printVerifierKey(log.publication.key)}\n`)
    expect(parseVerifierKey(vkey.trim())?.name).toBe(origin)
    const { keys } = JSON.parse(Buffer.from(read('keys/jwks.json')!).toString())
    const [first] = await log.entries(0, 1)
    const byAlgorithm = Object.fromEntries(keys.map((key: { alg: string }) => [key.alg, key]))
    expect(byAlgorithm['ES256']).toMatchObject({ nbf: first!.leaf.iat, exp: 1_900_000_003 })
    expect(byAlgorithm['Ed25519']).toMatchObject({ nbf: 1_900_000_003 })
    expect(byAlgorithm['Ed25519'].exp).toBeUndefined()
    expect(keys.some((key: object) => 'd' in key)).toBe(false)
  })

  it('has a key of its own, which its owner alone can read', async () => {
    await published(1)
    const path = join(directory, 'keys/note-ed25519.jwk')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const log = await logs.open(directory, { algorithm: 'Ed25519' })
    const { x } = JSON.parse(readFileSync(path, 'utf8')) as { x: string }
    expect(log.publicKeys.some((key) => key['x'] === x)).toBe(false)
  })
})

describe('a log does not open', () => {
  const refused = (code: string, message: RegExp): Promise<void> =>
    expect(logs.open(directory)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })

  it('when an entry under a signed checkpoint was changed', async () => {
    await published(5)
    rewrite(segments()[0]!, (leaves) => leaves.with(2, signedAnew(leaves[2]!)))
    await refused(
      'log_corrupt',
      /5 entries with the root [0-9a-f]{64}.*published\/tile\/entries\//su,
    )
  })

  it('when it holds fewer entries than a signed checkpoint covers', async () => {
    await published(5)
    rewrite(segments()[0]!, (leaves) => leaves.slice(0, 4))
    await refused('log_corrupt', /signed over 5 entries, and log\/ holds 4/u)
  })

  it('when only what was published still knows of it', async () => {
    await published(5)
    rewrite(segments()[0]!, (leaves) => leaves.with(2, signedAnew(leaves[2]!)))
    rmSync(join(directory, 'log/checkpoint'))
    await refused('log_corrupt', /published\/checkpoint was signed/u)
  })

  it('with an entry behind the checkpoint changed, it does: nothing was signed over it', async () => {
    await published(5)
    const log = await logs.open(directory)
    await grow(log, 1)
    await log.close()
    rewrite(segments()[0]!, (leaves) => leaves.with(5, signedAnew(leaves[5]!)))
    expect((await logs.open(directory)).size()).toBe(6)
  })

  it('without the key that signed its checkpoints', async () => {
    await published(5)
    rmSync(join(directory, 'keys/note-ed25519.jwk'))
    await refused('config_invalid', /note-ed25519\.jwk\) is missing/u)
    expect(existsSync(join(directory, 'keys/note-ed25519.jwk'))).toBe(false)
  })

  it('with another note key', async () => {
    await published(5)
    const first = directory
    directory = logs.directory()
    await published(1)
    cpSync(join(directory, 'keys/note-ed25519.jwk'), join(first, 'keys/note-ed25519.jwk'))
    directory = first
    await refused('config_invalid', /is not signed by keys\/note-ed25519\.jwk/u)
  })

  it('under another name', async () => {
    await published(5)
    await expect(logs.open(directory, { origin: 'pdp.test/other' })).rejects.toMatchObject({
      code: 'config_invalid',
    })
  })

  it('behind a checkpoint that is none', async () => {
    await published(5)
    writeFileSync(place('checkpoint'), 'not a note\n')
    await refused('log_corrupt', /is not a signed checkpoint/u)
  })
})
