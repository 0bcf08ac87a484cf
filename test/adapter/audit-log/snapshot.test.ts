/** A log that is opened from a snapshot is the log that is read whole; one that cannot be relied on is told of and not used. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { compactVerify, createLocalJWKSet, decodeProtectedHeader, type JWK } from 'jose'
import type { FileAuditLog } from '../../../service/adapter/audit-log/file-audit-log.ts'
import { nodeFileSystem } from '../../../service/adapter/audit-log/file-system.ts'
import type { AuditLogOptions } from '../../../service/adapter/audit-log/open-audit-log.ts'
import { scanSegment } from '../../../service/audit/scan.ts'
import type { Draft } from '../../../service/port/audit-log.ts'
import type { WorkflowRef } from '../../../service/workflow/workflow-facts.ts'
import { sampleEvent } from '../../../scripts/sample-draft.ts'
import { asRequest, draft, now } from '../../port/audit-log-drafts.ts'
import { TemporaryLogs } from './temporary-log.ts'

const logs = new TemporaryLogs()
let directory: string
let notices: string[]
let read: string[]

beforeEach(() => {
  directory = logs.directory()
  notices = []
  read = []
})
afterEach(() => logs.clean())

const segmentBytes = 64 * 1024

/** Tells what it was told, and which segments were read whole. */
function open(options: Partial<AuditLogOptions> = {}): Promise<FileAuditLog> {
  const system = {
    ...nodeFileSystem,
    read: (path: string) => {
      read.push(path)
      return nodeFileSystem.read(path)
    },
  }
  const told = (notice: string): unknown => notices.push(notice)
  return logs.open(directory, { segmentBytes, snapshotEntries: 40, system, told, ...options })
}

const file = (name: string): string => join(directory, 'index', name)

function event(kind: string, id: string, what: Record<string, unknown>): Draft {
  const { claims, ...rest } = sampleEvent(id, null, now)
  return { ...rest, claims: { ...claims, kind, event: what } } as Draft
}

const gateway = { issuer: 'https://idp', client_id: 'gw' }
const session = (name: string): Draft =>
  event('session_opened', name, {
    ...{ handle: `sha256:${name.padEnd(64, '0')}`, server: 's', gateway, expires_at: now + 300 },
  })

/** A closed log of 60 entries in several segments, with something in each fold, and a snapshot of it. */
async function written(): Promise<void> {
  let log = await open()
  await log.append(event('kill_switch', 'stop', { scope: { kind: 'pep', client_id: 'x' } }), null)
  await log.append(session('a'), null)
  await log.append(event('proof_spent', 'spent', { replay_keys: [proof] }), null)
  await log.append(event('key_rotation', 'rotated', await rotationOf(log)), null)
  for (let i = 4; i < 59; i += 1)
    await log.append(draft(`dec_${i}`, { workflow: `wf_${i % 7}` }), null)
  await log.append(...asRequest(sampleEvent('asked', null, now), 'key', 'q'))
  await log.close()
  // Read whole, and it was long: the next start need not.
  log = await open()
  await log.close()
  expect(existsSync(file('snapshot'))).toBe(true)
  notices = []
  read = []
}

/** A key that was made, and takes over. */
async function rotationOf(log: FileAuditLog): Promise<Record<string, unknown>> {
  const { key } = await log.signer.make('decision', 'ES256')
  return { change: 'start', use: 'decision', key, nbf: now, signs_from: now, exp: now + 86_400 }
}

const proof = { digest: `sha256:${'9'.repeat(64)}` as const, until: now + 100 }

/** A query of the initiator of the drafts, without a workflow id. */
const anyone: WorkflowRef = {
  ...{ id: 'wf_new', basis: 'inferred', root: null, parent: null, depth: 0 },
  ...{ project: 'shop', subject: `hmac:${'a'.repeat(64)}`, inherited: [] },
}

/** What a log answers by all that it remembers. */
async function remembered(log: FileAuditLog): Promise<unknown> {
  const spent = { requestKey: null, queryDigest: '', caller: [proof] }
  // Before anything is disclosed: salts are random.
  const root = log.root()
  const { leaf } = await log.append(draft('dec_next', { workflow: 'wf_4' }), null)
  const all = {
    root,
    time: log.time(),
    index: leaf.index,
    workflow: leaf.workflow,
    stops: log.stops.standing(),
    workflows: [0, 1, 2, 3, 4, 5, 6].map((i) => log.workflows.at(`wf_${i}`)),
    lately: log.workflows.seen(anyone, now),
    sessions: log.sessions.standing(now),
    asked: (await log.append(...asRequest(sampleEvent('again', null, now), 'key', 'q'))).leaf.jti,
    spent: await log
      .append(draft('dec_spent'), spent)
      .catch((error: unknown) => (error as { readonly code: string }).code),
    keys: log.publicKeys,
    logged: log.keys.all(),
    found: (await log.find('dec_4'))?.leaf.index,
    listed: (await log.entries(10, 3)).map(({ leaf }) => leaf.jti),
  }
  return JSON.parse(JSON.stringify(all))
}

/** The same of a copy whose index and snapshot were removed. */
async function rememberedByReading(): Promise<unknown> {
  const copy = logs.crashCopy(directory)
  rmSync(join(copy, 'index'), { recursive: true })
  return await remembered(await logs.open(copy, { segmentBytes, ...sameSignature }))
}

const base64 = (header: object): string => Buffer.from(JSON.stringify(header)).toString('base64url')

/** Signatures are random, and roots would differ. */
const sameSignature: Pick<AuditLogOptions, 'sign'> = {
  sign: (typ, payload) =>
    Promise.resolve(`${base64({ typ })}.${Buffer.from(payload).toString('base64url')}.signature`),
}

describe('a log with a snapshot', () => {
  it('opens by it, without reading what lies before, and remembers all that reading it whole tells', async () => {
    await written()
    const whole = await rememberedByReading()
    expect(whole).toMatchObject({ lately: { spent: { calls: 56 } } })
    const log = await open({ ...sameSignature, remembered: 2 })
    expect(notices).toEqual([])
    expect(read).toHaveLength(1)
    expect(await remembered(log)).toEqual(whole)
  })

  it('signs by the key that took over before it, and publishes every key', async () => {
    await written()
    const log = await open()
    expect(notices).toEqual([])
    const { token } = await log.append(draft('dec_signed'), null)
    const { kid } = decodeProtectedHeader(token)
    expect(log.keys.all().map(({ key }) => key.kid)).toEqual([kid])
    const { token: before } = (await log.find('stop'))!
    expect(decodeProtectedHeader(before).kid).not.toBe(kid)
    const set = createLocalJWKSet({ keys: log.publicKeys as unknown as JWK[] })
    for (const one of [before, token]) await compactVerify(one, set)
  })

  it('reads what came after it', async () => {
    await written()
    const log = await open(sameSignature)
    await log.append(event('kill_switch', 'later', { scope: { kind: 'tenant' } }), null)
    await log.close()
    const whole = await rememberedByReading()
    const again = await open(sameSignature)
    expect(again.stops.standing()).toHaveLength(2)
    expect(await remembered(again)).toEqual(whole)
  })

  it('survives a crash that leaves the index behind the log', async () => {
    await written()
    const log = await open(sameSignature)
    for (let i = 0; i < 5; i += 1) await log.append(draft(`late_${i}`), null)
    directory = logs.crashCopy(directory)
    const whole = await rememberedByReading()
    notices = []
    const again = await open(sameSignature)
    expect([notices, again.size()]).toEqual([[], 65])
    expect(await again.find('late_4')).not.toBeNull()
    expect(await remembered(again)).toEqual(whole)
  })
})

describe('a snapshot is not used, and the log is read whole,', () => {
  async function refused(reason: RegExp): Promise<void> {
    const log = await open()
    expect(notices).toEqual([expect.stringMatching(reason)])
    expect(log.size()).toBe(60)
    expect(log.stops.standing()).toHaveLength(1)
    expect(read.length).toBeGreaterThan(1)
  }

  it.each<[string, (text: string) => string]>([
    [
      'a stop is taken out of it',
      (text) => text.replace(/"standing":\[[^\]]*\]/u, '"standing":[]'),
    ],
    ['its size is another', (text) => text.replace('"size":60', '"size":59')],
    ['it is cut', (text) => text.slice(0, 200)],
    ['it is empty', () => ''],
    ['its code is another', (text) => text.replace(/.\n$/u, '!\n')],
  ])('when %s', async (_what, edit) => {
    await written()
    const text = readFileSync(file('snapshot'), 'utf8')
    expect(edit(text)).not.toBe(text)
    writeFileSync(file('snapshot'), edit(text))
    await refused(/snapshot is not used.*changed/u)
  })

  it('when it is of another log', async () => {
    await written()
    const [here, snapshot] = [directory, readFileSync(file('snapshot'))]
    directory = logs.directory()
    await written()
    writeFileSync(file('snapshot'), snapshot)
    expect(here).not.toBe(directory)
    await refused(/snapshot is not used.*changed/u)
  })

  it('when the index has not come so far', async () => {
    await written()
    rmSync(file('log.sqlite'))
    await refused(/snapshot is not used.*index/u)
  })

  it('when its last entry is another', async () => {
    await written()
    const path = segmentPaths().at(-1)!
    const bytes = readFileSync(path)
    const last = scanSegment(bytes, crc32).frames.at(-1)!
    bytes.fill(0, last.offset, last.offset + last.bytes)
    writeFileSync(path, bytes)
    await expect(open()).rejects.toMatchObject({ code: 'log_corrupt' })
    expect(notices).toEqual([expect.stringMatching(/last entry/u)])
  })
})

function segmentPaths(): string[] {
  const log = join(directory, 'log')
  return readdirSync(log)
    .filter((name) => /^\d/u.test(name))
    .sort()
    .map((name) => join(log, name))
}

/** Another leaf in its place, in a whole frame: only the tree tells. */
function forge(path: string): void {
  const bytes = readFileSync(path)
  const { offset, bytes: length, leaf } = scanSegment(bytes, crc32).frames[1]!
  bytes[offset + 16 + leaf.length - 2]! ^= 1
  bytes.writeUInt32BE(crc32(bytes.subarray(offset + 8, offset + length)), offset + 4)
  writeFileSync(path, bytes)
}

describe('entries that a start did not read', () => {
  it('are read after it, and when they are not what was acknowledged the log stops', async () => {
    await written()
    forge(segmentPaths()[0]!)
    const log = await open()
    while (log.failure() === null) await setTimeout(20)
    expect(log.failure()).toMatch(/first 60 entries .* not those that were acknowledged/u)
    await expect(log.append(draft('dec_no'), null)).rejects.toMatchObject({
      code: 'audit_unavailable',
    })
  })

  it('are read after it, and when they are, it goes on', async () => {
    await written()
    const log = await open()
    await log.append(draft('dec_yes'), null)
    await log.close()
    expect(log.failure()).toBeNull()
  })
})

describe('a log that grows', () => {
  it('is indexed and kept by a thread, and everything is found while it lags and after', async () => {
    const log = await open({ segmentBytes: 1024 * 1024, remembered: 4, snapshotEntries: 600 })
    const ids = Array.from({ length: 1300 }, (_, i) => `dec_${i}`)
    const small = (id: string, i: number): Draft => sampleEvent(id, `wf_${i % 50}`, now)
    const recorded = await Promise.all(ids.map((id, i) => log.append(small(id, i), null)))
    for (const { leaf } of recorded.slice(-60)) expect(await log.find(leaf.jti)).not.toBeNull()
    const { leaf } = await log.append(small('dec_more', 7), null)
    expect(leaf.workflow).toMatchObject({ id: 'wf_7', seq: 26 })
    await log.close()
    expect(existsSync(file('snapshot'))).toBe(true)
    read = []
    const again = await open({ segmentBytes: 1024 * 1024, remembered: 4, snapshotEntries: 600 })
    expect([notices, again.size()]).toEqual([[], 1301])
    for (const id of ids.filter((_, i) => i % 100 === 0))
      expect((await again.find(id))?.leaf.jti).toBe(id)
    const { leaf: next } = await again.append(small('dec_last', 7), null)
    expect(next.workflow).toMatchObject({ id: 'wf_7', seq: 27 })
  })
})
