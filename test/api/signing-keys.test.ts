/**
 * A new key takes over at a running service, and one is revoked: every answer is signed by a key whose turn it is, and what
 * was signed before, during and after verifies by the served key set and by countersign log verify.
 */
import { generateKeyPairSync, sign } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import {
  compactVerify,
  createLocalJWKSet,
  decodeProtectedHeader,
  jwtVerify,
  type JSONWebKeySet,
} from 'jose'
import { cosignedText } from '../../service/audit/cosignature.ts'
import { noteAlgorithm, noteKey, printVerifierKey } from '../../service/audit/note-key.ts'
import { parseNote, signatureLine } from '../../service/audit/signed-note.ts'
import { systemClock } from '../../service/adapter/clock/system-clock.ts'
import type { Query } from '../../service/contract/query.ts'
import type { SigningKeyList } from '../../service/contract/signing-key.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { commandHere, type RanHere } from '../support/in-process.ts'
import { reachPublished } from '../support/published-log.ts'

const home = mkdtempSync(join(tmpdir(), 'countersign-keys-'))
const file = (name: string): string => join(home, name)
const tenant = (): string => join(service.data, 'tenants/dev')
const skew = { ms: 0 }
const clock = { now: () => systemClock.now() + skew.ms, uuid: () => systemClock.uuid() }
let service: DevelopmentService
let permit: Query
/** Signed by the very first key. */
let oldest = ''

beforeAll(async () => {
  service = await startDevelopmentService({ data: file('data'), clock })
  permit = (await queriesByEffect(service.keys)).permit
}, 120_000)
afterEach(() => {
  skew.ms = 0
})
afterAll(async () => {
  await service.stop()
  rmSync(home, { recursive: true, force: true })
}, 120_000)

const keys = async (...given: readonly string[]): Promise<RanHere> =>
  commandHere(['keys', ...given, '--url', service.url, '--data', service.data, '--json'])
const listed = ({ stdout }: RanHere): SigningKeyList => JSON.parse(stdout) as SigningKeyList
const signing = ({ keys: all }: SigningKeyList): string =>
  all.find(({ state }) => state === 'signing')!.kid
const tokenOf = async (): Promise<string> => (await service.ask(permit)).token
const kidOf = (token: string): string => decodeProtectedHeader(token).kid!
const served = async (): Promise<JSONWebKeySet> =>
  (await service.get('/.well-known/jwks.json')).body as unknown as JSONWebKeySet

/** The keys, once they are as they are to become by themselves. */
async function reached(
  isSo: (all: SigningKeyList['keys']) => boolean,
): Promise<SigningKeyList['keys']> {
  for (;;) {
    const { keys: all } = listed(await keys('list'))
    if (isSo(all)) return all
    await setTimeout(50)
  }
}

type Report = {
  readonly verified: boolean
  readonly suspect: readonly { readonly from: number; readonly to: number; readonly kid: string }[]
  readonly unwitnessed: readonly object[]
  readonly introduced: readonly object[]
  readonly fault: object | null
}
async function verified(...given: readonly string[]): Promise<Report & { readonly exit: number }> {
  await reachPublished(tenant())
  const ran = await commandHere(['log', 'verify', join(tenant(), 'published'), '--json', ...given])
  if (ran.stdout === '') throw new Error(ran.stderr)
  return { exit: ran.status, ...(JSON.parse(ran.stdout) as Report) }
}

it('before, during and after a rotation every answer is signed, and each verifies', async () => {
  const first = listed(await keys('list'))
  expect(first).toMatchObject({ days_left: 364, keys: [{ state: 'signing', algorithm: 'ES256' }] })
  oldest = await tokenOf()
  const tokens = [oldest]
  // Questions are under way while the key changes.
  const asking = Array.from({ length: 8 }, tokenOf)
  const rotated = await keys('rotate', '--reason', 'a drill', '--announce', '0')
  tokens.push(...(await Promise.all(asking)), await tokenOf())
  expect(rotated).toMatchObject({ status: 0, stderr: '' })
  const { keys: now } = listed(rotated)
  expect(now.map(({ state }) => state)).toEqual(['ended', 'signing'])
  expect(kidOf(tokens[0]!)).toBe(signing(first))
  expect(kidOf(tokens.at(-1)!)).toBe(signing(listed(rotated)))
  const set = await served()
  for (const token of tokens) await jwtVerify(token, createLocalJWKSet(set))
  expect(await verified()).toMatchObject({ exit: 0, verified: true, suspect: [], introduced: [] })
  // What cannot sign any more is not kept.
  expect(readdirSync(join(tenant(), 'keys/signing'))).toEqual([`${now[1]!.kid}.jwk`])
  service = await service.restart()
  expect(await served()).toEqual(set)
  expect(kidOf(await tokenOf())).toBe(now[1]!.kid)
}, 120_000)

it('whoever changes keys at once, none is ended twice, and the log verifies', async () => {
  const asked = ['rotate', '--reason', 'a drill', '--announce', '0'] as const
  const changes = [keys(...asked), keys(...asked), tokenOf(), keys(...asked)]
  await Promise.all(changes)
  const { keys: all } = listed(await keys('list'))
  expect(all.filter(({ state }) => state !== 'ended').map(({ state }) => state)).toEqual([
    'signing',
  ])
  expect(await verified()).toMatchObject({ exit: 0, verified: true })
}, 120_000)

it('what is left of an ended key when we crash is removed at the next start', async () => {
  const [before] = readdirSync(join(tenant(), 'keys/signing'))
  const file = join(tenant(), 'keys/signing', before!)
  const left = readFileSync(file)
  await keys('rotate', '--reason', 'a drill', '--announce', '0')
  expect(existsSync(file)).toBe(false)
  writeFileSync(file, left, { mode: 0o600 })
  service = await service.restart()
  expect(existsSync(file)).toBe(false)
}, 120_000)

it('a key that is announced verifies at once, signs when its time has come, and one at a time', async () => {
  const before = signing(listed(await keys('list')))
  const rotated = await keys('rotate', '--reason', 'a drill', '--announce', '600')
  const { kid } = listed(rotated).keys.find(({ state }) => state === 'announced')!
  expect((await served()).keys.map((key) => key.kid)).toContain(kid)
  expect(kidOf(await tokenOf())).toBe(before)
  expect(await keys('rotate', '--reason', 'again')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^countersign: [^\n]*announced already[^\n]*\n$/u),
  })
  // A stopped service has missed the moment: the log says whose turn it is all the same.
  service = await service.restart()
  skew.ms = 601_000
  expect(kidOf(await tokenOf())).toBe(kid)
  const states = await reached((all) => all.at(-2)?.state === 'ended')
  expect(states.at(-1)?.state).toBe('signing')
  expect(await verified()).toMatchObject({ exit: 0, verified: true })
}, 120_000)

it('readiness and metrics say when it ends, before it does; then a new one takes over by itself', async () => {
  skew.ms = 340 * 86_400_000
  const days = listed(await keys('list')).days_left
  const { body } = await service.get('/readyz')
  expect(body).toMatchObject({ keys: [{ tenant: 'dev', days_left: days }] })
  expect(JSON.stringify(body['notices'])).toContain(`ends in ${String(days)} days`)
  const { body: metrics } = await service.get('/metrics')
  expect(metrics['text']).toContain(
    `countersign_signing_key_days_left{tenant="dev"} ${String(days)}`,
  )
  skew.ms = 352 * 86_400_000
  const all = await reached((now) => now.at(-1)?.state === 'announced')
  expect(all.map(({ state }) => state)).toContain('signing')
}, 120_000)

it('what a revoked key signed after it was compromised is suspect, unless a witness saw it before', async () => {
  // The log's time does not go back: this is a year later.
  skew.ms = 352 * 86_400_000 + 1_000_000
  const kid = kidOf(await tokenOf())
  await reachPublished(tenant())
  const seen = readFileSync(join(tenant(), 'published/checkpoint'), 'utf8')
  const size = Number(seen.split('\n')[1])
  await tokenOf()
  const at = Math.floor(clock.now() / 1000) - 5
  const instant = new Date(at * 1000).toISOString()
  const asked = ['--compromised-at', instant, '--reason', 'a laptop was stolen']
  const revoked = await keys('revoke', kid, ...asked)
  expect(revoked.status).toBe(0)
  const state = listed(revoked)
  expect(state.keys.find((key) => key.kid === kid)).toMatchObject({
    ...{ state: 'revoked', compromised_at: at },
  })
  expect(kidOf(await tokenOf())).toBe(signing(state))
  expect((await served()).keys.find((key) => key.kid === kid)).toMatchObject({
    revoked: { revoked_at: at, reason: 'compromised' },
  })
  const report = await verified()
  expect(report).toMatchObject({ exit: 1, verified: true })
  expect(report.suspect.map((range) => range.kid)).toEqual([kid])
  expect(report.suspect[0]!.to).toBeGreaterThanOrEqual(size)

  const witness = makeWitness()
  writeFileSync(file('witness.vkey'), witness.vkey)
  writeFileSync(file('before'), witness.cosign(seen, at - 1))
  writeFileSync(file('after'), witness.cosign(seen, at))
  const given = (name: string): string[] => [
    '--witness',
    file('witness.vkey'),
    '--witnessed',
    file(name),
  ]
  const cleared = await verified(...given('before'))
  expect(cleared).toMatchObject({ exit: 1, suspect: [{ kid, from: size }], unwitnessed: [] })
  const late = await verified(...given('after'))
  expect([late.suspect, late.unwitnessed]).toEqual([report.suspect, report.unwitnessed])
  writeFileSync(file('forged'), witness.cosign(seen, at - 1, at - 2))
  expect(await verified(...given('forged'))).toMatchObject({ exit: 1, fault: { check: 'witness' } })
}, 120_000)

it('a key of another log, a moment to come and a body that is none are refused', async () => {
  const body = { kid: 'A'.repeat(43), compromised_at: 1, reason: 'r' }
  expect(await service.post('/v1/keys/revocation', body)).toMatchObject({ status: 404 })
  const { kid } = listed(await keys('list')).keys[0]!
  const future = { ...body, kid, compromised_at: 9_999_999_999 }
  expect(await service.post('/v1/keys/revocation', future)).toMatchObject({ status: 400 })
  expect(await service.post('/v1/keys/rotation', { announce_seconds: 0 })).toMatchObject({
    status: 400,
  })
}, 120_000)

it('the oldest decision verifies after all of that, by what was published alone', async () => {
  await reachPublished(tenant())
  cpSync(join(tenant(), 'published'), file('elsewhere'), { recursive: true })
  const published = readFileSync(file('elsewhere/keys/jwks.json'), 'utf8')
  const set = createLocalJWKSet(JSON.parse(published) as JSONWebKeySet)
  expect(set.jwks().keys.length).toBeGreaterThan(5)
  await compactVerify(oldest, set)
  const ran = await commandHere(['log', 'verify', file('elsewhere'), '--json'])
  const report = JSON.parse(ran.stdout) as Report
  expect(report).toMatchObject({ verified: true, fault: null })
  // Nobody doubts it: its key was ended, not revoked.
  expect(report.suspect.map(({ kid }) => kid)).not.toContain(kidOf(oldest))
}, 120_000)

function makeWitness(): {
  readonly vkey: string
  readonly cosign: (note: string, time: number, said?: number) => string
} {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url')
  const key = noteKey('witness.example/w1', noteAlgorithm.cosignature, raw)
  return {
    vkey: printVerifierKey(key),
    cosign: (note, time, said = time) => {
      const signature = Buffer.alloc(72)
      signature.writeBigUInt64BE(BigInt(said))
      sign(null, Buffer.from(cosignedText(parseNote(note)!.text, time)), privateKey).copy(
        signature,
        8,
      )
      return `${note}${signatureLine({ name: key.name, id: key.id, signature })}`
    },
  }
}
