/** A service whose keys are in a process of their own, run for real: gone, exchanged and back, and never a decision unsigned. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import type { TenantConfig } from '../../service/contract/config.ts'
import type { Query } from '../../service/contract/query.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { commandHere } from '../support/in-process.ts'
import { reachPublished } from '../support/published-log.ts'

const home = mkdtempSync(join(tmpdir(), 'countersign-remote-'))
const at = (name: string): string => join(home, name)
const data = at('data')
const tenant = join(data, 'tenants/dev')
const main = join(import.meta.dirname, '../../scripts/command/main.ts')
let running: ChildProcess
let service: DevelopmentService
let permit: Query

/** `countersign keys serve`, until it says that it is ready. */
async function serve(directory: string): Promise<void> {
  const given = [
    'keys',
    'serve',
    at(directory),
    '--socket',
    at('s'),
    '--passphrase-file',
    at('passphrase'),
  ]
  const child = spawn(process.execPath, [main, ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  running = child
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  expect(line).toContain(`signs at ${at('s')}`)
}

/** As the machine's memory or an operator's mistake ends it: it has no time to tidy. */
async function kill(): Promise<void> {
  const exit = once(running, 'exit')
  running.kill('SIGKILL')
  await exit
}

const start = (): Promise<DevelopmentService> => {
  const signing = { algorithm: 'ES256', signer: { socket: at('s') } } as const
  return startDevelopmentService({
    data,
    tenant: (configured): TenantConfig => ({ ...configured, signing }),
  })
}

beforeAll(async () => {
  for (const name of ['keys', 'others']) mkdirSync(at(name))
  writeFileSync(at('passphrase'), 'correct horse battery staple', { mode: 0o600 })
  await serve('keys')
  service = await start()
  permit = (await queriesByEffect(service.keys)).permit
}, 120_000)
afterAll(async () => {
  await service.stop()
  await kill()
  rmSync(home, { recursive: true, force: true })
}, 120_000)

const ready = async (): Promise<{ readonly status: number; readonly said: string }> => {
  const { status, body } = await service.get('/readyz')
  return { status, said: JSON.stringify(body['tenants']) }
}
const asked = async (): Promise<number> => (await service.post('/v1/decisions', permit)).status

it('signs decisions and checkpoints, rotates, and has no private key among its own files', async () => {
  const before = await service.ask(permit)
  const rotation = await service.post('/v1/keys/rotation', {
    announce_seconds: 0,
    reason: 'a drill',
  })
  expect(rotation.status).toBe(200)
  const after = await service.ask(permit)
  const jwks = (await service.get('/.well-known/jwks.json')).body as unknown as JSONWebKeySet
  for (const { token } of [before, after]) await jwtVerify(token, createLocalJWKSet(jwks))
  expect(existsSync(join(tenant, 'keys/note-ed25519.jwk'))).toBe(false)
  expect(existsSync(join(tenant, 'keys/signing'))).toBe(false)
  // Sealed, and one: what has ended is forgotten by the signer too.
  const [kept, ...others] = readdirSync(at('keys/keys/signing'))
  expect(others).toEqual([])
  expect(readFileSync(join(at('keys/keys/signing'), kept!), 'utf8')).not.toContain('"d"')
})

it('decides nothing while it is gone, says so, and goes on by itself when it is back', async () => {
  await kill()
  while ((await ready()).status === 200) await pause(20)
  expect((await ready()).said).toContain('nothing can be signed: the signer at')
  expect(await service.post('/v1/decisions', permit)).toMatchObject({
    status: 503,
    body: { code: 'audit_unavailable' },
  })
  await serve('keys')
  while ((await ready()).status !== 200) await pause(20)
  expect(await asked()).toBe(200)
}, 120_000)

it('with other keys it signs nothing; then the log stops, and starts only with its own', async () => {
  await kill()
  await serve('others')
  while ((await ready()).said.includes('the signer')) await pause(20)
  expect(await asked()).toBe(503)
  expect(await ready()).toMatchObject({
    status: 503,
    said: expect.stringMatching(/takes no entries: .*refuses: There is no private decision key/u),
  })
  await expect(service.restart()).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringMatching(/note key .* is missing/u),
  })
  await kill()
  await serve('keys')
  service = await start()
  expect(await asked()).toBe(200)
  await reachPublished(tenant)
  const { status, stdout } = await commandHere([
    'log',
    'verify',
    join(tenant, 'published'),
    '--json',
  ])
  expect({ status, ...(JSON.parse(stdout) as object) }).toMatchObject({ status: 0, verified: true })
}, 120_000)

it('a private key among its own files is refused, for the service could read it', async () => {
  const left = join(tenant, 'keys/note-ed25519.jwk')
  writeFileSync(left, '{}', { mode: 0o600 })
  await expect(service.restart()).rejects.toThrow(
    /note-ed25519\.jwk is a private key, and a signer has those/u,
  )
  rmSync(left)
  service = await start()
  expect(await asked()).toBe(200)
}, 120_000)

it('its index is made anew, and its keys are backed up, where each of them lies', async () => {
  const copy = at('copy')
  cpSync(tenant, copy, { recursive: true, filter: (path) => basename(path) !== 'lock' })
  rmSync(join(copy, 'index'), { recursive: true })
  expect(await commandHere(['log', 'reindex', copy])).toMatchObject({ status: 0, stderr: '' })
  for (const [from, out] of [
    [tenant, 'tenant.jwe'],
    [at('keys'), 'signer.jwe'],
  ] as const) {
    const given = ['--out', at(out), '--passphrase-file', at('passphrase')]
    expect(await commandHere(['keys', 'backup', from, ...given])).toMatchObject({ status: 0 })
  }
}, 120_000)
