/** A clock that goes backwards: nothing that has expired comes back, and the operator is told. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { systemClock } from '../../service/adapter/clock/system-clock.ts'
import { loadDevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import { exampleQueries } from '../../service/adapter/development/example-queries.ts'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import { developmentConfig } from '../../service/development-config.ts'
import { startService } from '../../service/serve.ts'
import { silent } from '../support/development-service.ts'

it('never goes below the time of the last leaf', async () => {
  const data = mkdtempSync(join(tmpdir(), 'countersign-test-'))
  const keys = await loadDevelopmentKeys(data)
  let offset = 0
  const clock = { ...systemClock, now: () => systemClock.now() + offset }
  const config = developmentConfig(keys, { data, port: 0, bundles: undefined })
  const running = await startService(config, silent, clock)
  const [example] = await exampleQueries(keys)
  const ask = async (): Promise<DecisionAnswer> => {
    const reply = await fetch(`${running.url}/v1/decisions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${keys.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(example?.query),
    })
    return (await reply.json()) as DecisionAnswer
  }
  const leafOf = (answer: DecisionAnswer): { iat: number; exp: number } =>
    JSON.parse(Buffer.from(answer.token.split('.')[1] ?? '', 'base64url').toString()) as never
  const isReady = async (): Promise<number> => (await fetch(`${running.url}/readyz`)).status
  try {
    expect((await ask()).effect).toBe('permit')
    // Past the end of the proofs: they are refused.
    offset = 3600_000 * 2
    const late = await ask()
    expect(late.reasons.map(({ code }) => code)).toContain('server.expired')
    expect(await isReady()).toBe(200)
    // Back again: they stay refused, and time in the log does not go back.
    offset = 0
    const back = await ask()
    expect(back.effect).toBe('deny')
    expect(leafOf(back).iat).toBeGreaterThanOrEqual(leafOf(late).iat)
    expect(leafOf(back).exp).toBeGreaterThan(leafOf(back).iat)
    expect(await isReady()).toBe(503)
  } finally {
    await running.stop('test')
  }
})
