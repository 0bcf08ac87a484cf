/**
 * A real witness beside a real service: it cosigns what continues what it saw, survives as we do, and finds out the log that
 * was cut back and the one that was forked, which nobody else can see in one copy.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { decodeProtectedHeader } from 'jose'
import { logCommands } from '../../scripts/log/commands.ts'
import { readCosignature } from '../../service/audit/cosignature.ts'
import { noteAlgorithm, noteKey, printVerifierKey } from '../../service/audit/note-key.ts'
import { parseNote } from '../../service/audit/signed-note.ts'
import { parseProof } from '../../service/audit/tlog-proof.ts'
import type { LogState } from '../../service/contract/log-state.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { runHere } from '../support/in-process.ts'
import { startLitewitness, type Litewitness } from '../support/litewitness.ts'
import { leafOf, tokensIn } from '../support/segment.ts'

const home = mkdtempSync(join(tmpdir(), 'countersign-witness-'))
const data = join(home, 'data')
const policy = join(home, 'policy')
const strict = join(home, 'strict')
const tenant = join(data, 'tenants/dev')
let witness: Litewitness
let service: DevelopmentService
let queries: Awaited<ReturnType<typeof queriesByEffect>>

beforeAll(async () => {
  witness = await startLitewitness('witness.test/one')
  const line = `witness one ${witness.vkey} ${witness.url}`
  writeFileSync(policy, `${line}\nquorum one\n`)
  const absent = noteKey('witness.test/two', noteAlgorithm.cosignature, new Uint8Array(32))
  const two = `witness two ${printVerifierKey(absent)}`
  writeFileSync(strict, `${line}\n${two}\ngroup both all one two\nquorum both\n`)
  service = await started()
  queries = await queriesByEffect(service.keys)
}, 300_000)
afterAll(async () => {
  await service.stop()
  await witness.stop()
  rmSync(home, { recursive: true, force: true })
})

function started(): Promise<DevelopmentService> {
  const log = { witness: { policy_file: policy, internal: true, deny_without_quorum: true } }
  return startDevelopmentService({ data, tenant: (configured) => ({ ...configured, log }) })
}

async function state(): Promise<LogState & { readonly ready: boolean; readonly said: string }> {
  const { status, body } = await service.get('/readyz')
  const { logs, tenants, notices } = body as unknown as {
    readonly logs: readonly LogState[]
    readonly tenants: { readonly dev: readonly string[] }
    readonly notices: { readonly dev: readonly string[] }
  }
  const said = [...tenants.dev, ...notices.dev].join('\n')
  return { ...logs[0]!, ready: status === 200, said }
}

/** Until all that is durable is published and cosigned. */
async function cosigned(): Promise<number> {
  for (;;) {
    const { unpublished, published, witnesses } = await state()
    if (unpublished === 0 && witnesses?.quorum === true) return published
    await pause(50)
  }
}

const verified = async (policyFile: string): ReturnType<typeof runHere> =>
  await runHere(logCommands, ['verify', tenant, '--policy', policyFile])
const ask = async (): Promise<string> => (await service.ask(queries.permit)).effect

/** The data as they are at this moment, for somebody who keeps them. */
function kept(name: string): string {
  const copy = join(home, name)
  cpSync(data, copy, { recursive: true, filter: (path) => basename(path) !== 'lock' })
  return copy
}

it('a witness that does not know the log holds up nothing, and its operator is told what to do', async () => {
  expect(await ask()).toBe('permit')
  const { ready, said } = await state()
  expect(ready).toBe(true)
  expect(said).toContain('the witness one does not cosign: it does not know this log')
  const { exit, json } = await verified(policy)
  expect(exit).toBe(1)
  expect(json).toMatchObject({ fault: { check: 'witness', found: 'none of its witnesses' } })
})

it('it cosigns each checkpoint, with what was logged before it knew the log', async () => {
  witness.register(readFileSync(join(tenant, 'published/keys/log.vkey'), 'utf8').trim())
  const before = await cosigned()
  expect(await ask()).toBe('permit')
  expect(await cosigned()).toBeGreaterThan(before)
  const { exit, json, text } = await verified(policy)
  expect({ exit, text }).toEqual({ exit: 0, text: expect.stringContaining('cosigned by one at') })
  expect(json).toMatchObject({ witnesses: [{ witness: 'one' }] })
})

it('a policy that asks for more than have signed refuses the log, and says who has', async () => {
  const { exit, json } = await verified(strict)
  expect(exit).toBe(1)
  expect(json).toMatchObject({ fault: { check: 'witness', found: 'only one' } })
})

it('a proof of a decision carries its cosignature', async () => {
  const { decision_id: id } = await service.ask(queries.permit)
  const { body } = await service.get(`/log/proof/${id}`)
  const { checkpoint } = parseProof(String(body['text']))!
  expect(parseNote(checkpoint)?.signatures.map(({ name }) => name)).toEqual([
    'localhost/dev',
    'witness.test/one',
  ])
})

it('it goes on after a restart of ours, and after one of its own', async () => {
  service = await service.restart()
  expect(await ask()).toBe('permit')
  await cosigned()
  await witness.halt()
  expect(await ask()).toBe('permit')
  for (;;) {
    const { unpublished, said } = await state()
    if (unpublished === 0 && said.includes('the witness one does not cosign')) break
    await pause(50)
  }
  await witness.start()
  await cosigned()
  expect(await state()).toMatchObject({ ready: true, said: '' })
})

it('of a key that was stolen it clears what it saw before the moment, from the log alone, and nothing after', async () => {
  type Doubted = Record<'suspect' | 'unwitnessed', readonly { from: number; to: number }[]>
  const older = await service.ask(queries.permit)
  await cosigned()
  // A start keeps the first checkpoint that is cosigned, and that has it.
  service = await service.restart()
  await cosigned()
  const published = join(tenant, 'published')
  const last = String(readdirSync(join(published, 'witnessed')).length - 1)
  const { text, signatures } = parseNote(readFileSync(join(published, 'witnessed', last), 'utf8'))!
  const covered = Number(text.split('\n')[1])
  expect(covered).toBeGreaterThan(older.log.index)
  // Later than any clock had it when the witness signed.
  const seen = readCosignature(signatures.at(-1)!.signature)!.time
  const moment = Math.max(seen, Math.floor(Date.now() / 1000)) + 1
  while (Date.now() < moment * 1000) await pause(100)
  const newer = await service.ask(queries.permit)
  const { kid } = decodeProtectedHeader(newer.token)
  const body = { kid, compromised_at: moment, reason: 'a laptop was stolen' }
  expect((await service.post('/v1/keys/revocation', body)).status).toBe(200)
  await cosigned()

  const has = (ranges: Doubted['suspect'], index: number): boolean =>
    ranges.some(({ from, to }) => from <= index && index <= to)
  const doubted = async (log: string, ...given: readonly string[]): Promise<Doubted> => {
    const { exit, json } = await runHere(logCommands, ['verify', log, ...given])
    expect({ exit, json }).toMatchObject({ exit: 1, json: { verified: true, fault: null } })
    return json as Doubted
  }
  const out = join(home, 'doubted.tar.gz')
  await runHere(logCommands, ['export', tenant, '--out', out])
  const witnessed = await doubted(out, '--policy', policy)
  expect(has(witnessed.suspect, newer.log.index)).toBe(true)
  for (const { from } of [...witnessed.suspect, ...witnessed.unwitnessed])
    expect(from).toBeGreaterThanOrEqual(covered)

  // Nobody's word is asked for, or what the witness signed was taken away: the same leaves, and the older ones in doubt too.
  const without = join(home, 'without')
  cpSync(published, without, { recursive: true })
  rmSync(join(without, 'witnessed'), { recursive: true })
  for (const doubts of [await doubted(out), await doubted(without, '--policy', policy)]) {
    expect(has(doubts.suspect, newer.log.index)).toBe(true)
    expect(has(doubts.suspect, older.log.index)).toBe(false)
    expect(has(doubts.unwitnessed, older.log.index)).toBe(true)
  }
})

it('a checkpoint that it cosigned, and that is not of this log, is found among those that were kept', async () => {
  const other = join(home, 'other')
  cpSync(join(tenant, 'published'), other, { recursive: true })
  const file = join(other, 'witnessed/0')
  writeFileSync(file, readFileSync(file, 'utf8').replace('witness.test/one', 'witness.test/two'))
  expect((await runHere(logCommands, ['verify', other])).json).toMatchObject({ fault: null })
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\n\d+\n/u, '\n1\n'))
  const { exit, json } = await runHere(logCommands, ['verify', other])
  expect(exit).toBe(1)
  expect(json).toMatchObject({ verified: false, fault: { file: 'witnessed/0' } })
})

describe('a log that was cut back, with all its keys', () => {
  const failures = (): unknown[] =>
    tokensIn(join(tenant, 'log'))
      .map(leafOf)
      .flatMap((leaf) => (leaf.kind === 'checkpoint_failure' ? [leaf.event] : []))
  let seen: number

  beforeAll(async () => {
    await cosigned()
    const older = kept('older')
    for (let i = 0; i < 20; i += 1) await ask()
    seen = await cosigned()
    await service.stop()
    cpSync(older, data, { recursive: true })
    service = await started()
  }, 60_000)

  it('is whole in itself: one copy of it shows nothing', async () => {
    const { json } = await runHere(logCommands, ['verify', join(home, 'older/tenants/dev')])
    expect(json).toMatchObject({ verified: true, fault: null })
  })

  it('is not ready, says why in its own log, and permits nothing where data wants a quorum', async () => {
    const { ready, said } = await state()
    expect({ ready, said }).toMatchObject({
      ready: false,
      said: expect.stringMatching(/the witness one has cosigned \d+ entries.*it was cut back/u),
    })
    const { effect, reasons } = await service.ask(queries.permit)
    expect({ effect, reasons }).toMatchObject({
      effect: 'deny',
      reasons: [{ code: 'log.unwitnessed' }],
    })
    expect(failures()).toContainEqual({
      ...{ code: 'witness_ahead', witness: 'one', size: expect.any(Number) },
    })
  })

  it('is a fork once it is longer than what the witness saw: it is never cosigned again', async () => {
    while ((await state()).entries <= seen + 5) await ask()
    while (failures().length < 2) await pause(100)
    expect(failures()[1]).toEqual({ code: 'witness_forked', witness: 'one', size: seen + 1 })
    expect((await state()).said).toContain('one of the two is a fork')
    expect((await verified(policy)).exit).toBe(1)
  })
})
