import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { calculateJwkThumbprint } from 'jose'
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { draft } from '../../port/audit-log-drafts.ts'
import { signingKeyIn } from '../../support/published-log.ts'
import { TemporaryLogs } from './temporary-log.ts'

const logs = new TemporaryLogs()
let directory: string
const key = (name: string): string =>
  name === 'signing' ? signingKeyIn(directory) : join(directory, 'keys', name)

beforeEach(() => {
  directory = logs.directory()
})
afterEach(() => logs.clean())

async function oneEntry(): Promise<void> {
  const log = await logs.open(directory)
  await log.append(draft('dec_1'), null)
  await log.close()
}

describe('the keys of a tenant', () => {
  it('are made once, readable by their owner only, and stay the same', async () => {
    const first = await logs.open(directory)
    await first.close()
    for (const name of ['signing', 'pseudonym.jwk', 'disclosure.jwk']) {
      expect(statSync(key(name)).mode & 0o777).toBe(0o600)
    }
    expect(statSync(join(directory, 'keys')).mode & 0o777).toBe(0o700)
    const again = await logs.open(directory)
    expect(again.publicKeys).toEqual(first.publicKeys)
    expect(again.pseudonymKey).toEqual(first.pseudonymKey)
  })

  it('are named by their RFC 7638 thumbprint, and published without their private part', async () => {
    const { publicKeys } = await logs.open(directory)
    expect(publicKeys).toHaveLength(1)
    for (const jwk of publicKeys) {
      expect(jwk.kid).toBe(await calculateJwkThumbprint(jwk))
      expect(jwk).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' })
      expect(jwk).not.toHaveProperty('d')
    }
  })

  it('stay published for as long as there are leaves, when the algorithm or the key changes', async () => {
    await oneEntry()
    rmSync(key('signing'))
    await (await logs.open(directory, { algorithm: 'Ed25519' })).close()
    const log = await logs.open(directory)
    expect(log.publicKeys.map(({ alg }) => alg).sort()).toEqual(['ES256', 'ES256', 'Ed25519'])
    const header = JSON.parse(
      Buffer.from((await log.find('dec_1'))!.token.split('.')[0]!, 'base64url').toString(),
    )
    expect(log.publicKeys.map(({ kid }) => kid)).toContain(header.kid)
  })

  it.each(['signing', 'pseudonym.jwk', 'disclosure.jwk'])(
    'are refused when others can read them (%s)',
    async (name) => {
      await oneEntry()
      for (const mode of [0o640, 0o604, 0o660]) {
        chmodSync(key(name), mode)
        await expect(logs.open(directory)).rejects.toMatchObject({
          code: 'config_invalid',
          message: expect.stringContaining('chmod 600'),
        })
      }
    },
  )

  it.each(['pseudonym.jwk', 'disclosure.jwk'])(
    'are not made anew in silence when the log needs them (%s)',
    async (name) => {
      await oneEntry()
      rmSync(key(name))
      await expect(logs.open(directory)).rejects.toMatchObject({ code: 'config_invalid' })
      expect(readdirSync(join(directory, 'keys'))).not.toContain(name)
    },
  )

  it.each(['', 'no JSON', '{}', '{"kty":"oct","k":"c2hvcnQ"}', '{"kty":"EC","crv":"P-256"}'])(
    'are refused when they are broken, without showing them: %s',
    async (text) => {
      await oneEntry()
      for (const name of ['signing', 'pseudonym.jwk']) {
        const whole = readFileSync(key(name))
        writeFileSync(key(name), text)
        const opening = logs.open(directory)
        await expect(opening).rejects.toMatchObject({ code: 'config_invalid' })
        if (text !== '') await expect(opening).rejects.not.toThrow(text)
        writeFileSync(key(name), whole)
      }
    },
  )

  it('of another tenant do not open the data keys of this one', async () => {
    await oneEntry()
    const k = Buffer.alloc(32, 7).toString('base64url')
    writeFileSync(key('disclosure.jwk'), JSON.stringify({ kty: 'oct', k }))
    await expect(logs.open(directory)).rejects.toMatchObject({ code: 'log_corrupt' })
  })
})
