/** A running service with a second released set beside it: what it reports, and that it changes nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { PassThrough } from 'node:stream'
import winston from 'winston'
import { mintPepToken } from '../../service/adapter/development/mint.ts'
import type { Query } from '../../service/contract/query.ts'
import type { ShadowReport } from '../../service/contract/shadow-report.ts'
import { policy } from '../support/command.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { until } from '../support/listening-source.ts'
import { registryWithout, releasedBundles } from '../support/released-bundles.ts'

/** Without the capability of the banner's permitted query. */
const candidate = releasedBundles(registryWithout('tool:status'), 11)
const told: string[] = []
let service: DevelopmentService
let queries: Record<'permit' | 'deny' | 'hold', Query>

beforeAll(async () => {
  const stream = new PassThrough()
  stream.on('data', (line: Buffer) => told.push(line.toString()))
  service = await startDevelopmentService({
    bundles: releasedBundles().directory,
    shadow: candidate.directory,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston's types name the stream class of another declaration
    log: winston.createLogger({ transports: [new winston.transports.Stream({ stream })] }),
  })
  queries = await queriesByEffect(service.keys)
  await until(async () => (await report()).shadow?.candidate !== null)
})
afterAll(async () => {
  await service.stop()
})

async function report(): Promise<ShadowReport> {
  const { status, body } = await service.get('/v1/policy/shadow')
  expect(status).toBe(200)
  return body as ShadowReport
}

const command = (...given: readonly string[]): ReturnType<typeof policy> =>
  policy(['shadow', '--url', service.url, '--data', service.data, ...given])

describe('a candidate without a capability', () => {
  it('changes no answer, and its report says what it would have changed', async () => {
    const answers = await Promise.all([
      service.ask(queries.permit),
      service.ask(queries.deny),
      service.ask(queries.hold),
    ])
    expect(answers.map(({ effect }) => effect)).toEqual(['permit', 'deny', 'hold'])
    await until(async () => (await report()).shadow?.comparison?.queries === 3)
    const { shadow } = await report()
    const [permitted] = answers
    expect(shadow).toMatchObject({
      owner: 'policy-team',
      candidate: { bundles: [{ sequence: expect.any(Number) }, { sequence: 11 }] },
      refused: null,
      comparison: { active: permitted.binding.policy?.digest, dropped: 0 },
    })
    expect(shadow?.candidate?.digest).not.toBe(shadow?.comparison?.active)
    const { effects, rules } = shadow?.comparison ?? { effects: [], rules: [] }
    const change = effects.find(({ from, to }) => from === 'permit' && to === 'deny')
    expect(change).toEqual({
      ...{ from: 'permit', to: 'deny', queries: 1, decisions: [permitted.decision_id] },
    })
    expect(rules.find(({ code }) => code === 'capability.unknown')).toMatchObject({
      removed: 0,
      decisions: [permitted.decision_id],
    })
  })

  it('is shown by the command, which says no when anything would change', async () => {
    const shown = await command()
    expect(shown).toMatchObject({ status: 1, stderr: '' })
    expect(shown.stdout).toMatch(/^effect +permit -> deny: 1, such as dec_/mu)
    expect(shown.stdout).toMatch(/^rule +capability\.unknown: \+1, such as dec_/mu)
    expect((await command('--json')).json()).toEqual(await report())
  })

  it('is told by readiness, the service log and the metrics', async () => {
    expect((await service.get('/readyz')).body).toMatchObject({
      status: 'ready',
      notices: { dev: [expect.stringMatching(/shadow is on \(owner policy-team\)/u)] },
    })
    expect(told.join('')).toMatch(/shadow is on: a candidate judges live traffic/u)
    const { body } = await service.get('/metrics')
    expect(body['text']).toMatch(/^countersign_shadow_on\{tenant="dev"\} 1$/mu)
    expect(body['text']).toMatch(
      /^countersign_shadow_queries\{tenant="dev",judged="otherwise"\} [1-9]/mu,
    )
  })

  it('is nobody’s to see without the scope', async () => {
    const token = await mintPepToken(service.keys)
    const authorization = { authorization: `Bearer ${token}` }
    expect((await service.get('/v1/policy/shadow', authorization)).status).toBe(403)
    const manager = await mintPepToken(service.keys, 'pdp.policy.manage')
    const permitted = { authorization: `Bearer ${manager}` }
    expect((await service.get('/v1/policy/shadow', permitted)).status).toBe(200)
  })

  it('that is refused changes nothing, and is named', async () => {
    const before = (await report()).shadow?.candidate
    candidate.replace(new TextEncoder().encode('no bundle'))
    await until(async () => (await report()).shadow?.refused !== null)
    expect((await report()).shadow?.candidate).toEqual(before)
    expect((await service.ask(queries.permit)).effect).toBe('permit')
    expect((await command()).stdout).toMatch(/^refused /mu)
  })
})

it('is off by default', async () => {
  const plain = await startDevelopmentService()
  expect((await plain.get('/v1/policy/shadow')).body).toEqual({ tenant: 'dev', shadow: null })
  expect((await plain.get('/readyz')).body['notices']).toEqual({ dev: [] })
  const { body } = await plain.get('/metrics')
  expect(body['text']).toMatch(/^countersign_shadow_on\{tenant="dev"\} 0$/mu)
  const shown = await policy(['shadow', '--url', plain.url, '--data', plain.data])
  expect(shown).toMatchObject({ status: 1, stdout: expect.stringMatching(/^shadow +off/mu) })
  await plain.stop()
})
