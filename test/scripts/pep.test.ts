/** `countersign pep`: a gateway is registered whole or not at all, listed, and revoked for its very next request. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mintPepToken } from '../../service/adapter/development/mint.ts'
import { developmentTenant } from '../../service/adapter/development/development-tenant.ts'
import { loadDevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import { loadConfig } from '../../service/config.ts'
import { pepCommands } from '../../scripts/pep/commands.ts'
import { runHere } from '../support/in-process.ts'
import { startDevelopmentService, type DevelopmentService } from '../support/development-service.ts'
import { createHolder } from '../support/workload.ts'

const directory = mkdtempSync(join(tmpdir(), 'countersign-pep-'))
const file = join(directory, 'countersign.json')
const keys = await loadDevelopmentKeys(directory)
const holder = await createHolder(() => 0)
const jwk = join(directory, 'gateway.jwk.json')
writeFileSync(jwk, JSON.stringify(holder.key.jwk))
writeFileSync(join(directory, 'private.jwk.json'), JSON.stringify({ ...holder.key.jwk, d: 'AAAA' }))
// Only in development may people sign in by a link.
const { console: _console, ...tenant } = developmentTenant(keys, directory)
const good = JSON.stringify({
  ...{ public_url: 'https://pdp.example', listen: { host: '127.0.0.1', port: 0 } },
  ...{ data_directory: 'data', tenants: [tenant] },
})
const about = [
  '--project',
  'p',
  '--environment',
  'prod',
  '--owner',
  'o',
  '--review-by',
  '2100-01-01',
]
const token = ['--issuer', tenant.peps[0]?.issuer ?? '']
const register = (...given: readonly string[]) =>
  runHere(pepCommands, ['register', ...given, '--config', file, ...about])

describe('register', () => {
  it.each<readonly [string, readonly string[], object]>([
    ['by DPoP', token, { proof: { dpop: {} }, scopes: ['pdp.evaluate'], servers: [] }],
    [
      'by DPoP with pinned keys, a nonce and scopes',
      [...token, '--key', jwk, '--nonce', '--scope', 'pdp.stop', '--server', 'ops'],
      {
        proof: { dpop: { keys: [holder.thumbprint], nonce: true } },
        scopes: ['pdp.stop'],
        servers: ['ops'],
      },
    ],
    ['by bearer tokens', [...token, '--bearer'], { proof: { bearer: {} } }],
    [
      'by WIT and WPT',
      ['--spiffe-id', 'spiffe://dev.countersign.test/gw'],
      {
        issuer: 'spiffe://dev.countersign.test',
        proof: { wit: { id: 'spiffe://dev.countersign.test/gw' } },
      },
    ],
  ])('%s writes an entry that the service takes', async (_name, given, entry) => {
    writeFileSync(file, good)
    expect((await register('gw', ...given)).exit).toBe(0)
    const { peps } = loadConfig(file).tenants[0] ?? { peps: [] }
    expect(peps).toHaveLength(2)
    expect(peps[1]).toMatchObject({
      client_id: 'gw',
      owner: 'o',
      review_by: 4_102_444_800,
      ...entry,
    })
  })

  it.each<readonly [string, readonly string[], RegExp]>([
    ['no name', token, /client_id/u],
    ['no way of proof', ['gw'], /--issuer <url> or --spiffe-id/u],
    ['two ways of proof', ['gw', ...token, '--spiffe-id', 'spiffe://a/b'], /one of them/u],
    ['a name that stands', ['dev-gateway', ...token], /stands twice/u],
    [
      'an issuer that is not for gateways',
      ['gw', '--issuer', 'https://other.example'],
      /"pep" among its kinds/u,
    ],
    [
      'a trust domain that is not configured',
      ['gw', '--spiffe-id', 'spiffe://other/gw'],
      /not configured/u,
    ],
    ['no SPIFFE ID', ['gw', '--spiffe-id', 'gateway'], /write a whole SPIFFE ID/u],
    [
      'a private key',
      ['gw', ...token, '--key', join(directory, 'private.jwk.json')],
      /private key/u,
    ],
    ['no key', ['gw', ...token, '--key', file], /no public key/u],
    ['a bearer with a nonce', ['gw', ...token, '--bearer', '--nonce'], /leave out/u],
    ['an unknown scope', ['gw', ...token, '--scope', 'all'], /use one of pdp\.evaluate/u],
    ['an unknown tenant', ['gw', ...token, '--tenant', 'beta'], /tenants dev/u],
  ])('refuses %s, and leaves the file as it was', async (_name, given, message) => {
    writeFileSync(file, good)
    const before = readdirSync(directory)
    await expect(register(...given)).rejects.toThrow(message)
    expect(readFileSync(file, 'utf8')).toBe(good)
    expect(readdirSync(directory)).toEqual(before)
  })
})

describe('list and revoke', () => {
  let service: DevelopmentService
  beforeAll(async () => {
    service = await startDevelopmentService()
  })
  afterAll(async () => {
    await service.stop()
  })
  const run = (...given: readonly string[]) =>
    runHere(pepCommands, [...given, '--url', service.url, '--data', service.data])

  it('shows a configuration without a service, and what is past its review date', async () => {
    writeFileSync(file, good)
    const listed = await runHere(pepCommands, ['list', '--config', file])
    expect(listed).toMatchObject({
      exit: 0,
      text: expect.stringMatching(/^dev-gateway {2}bearer .*review by 2100-01-01$/u),
    })
    const late = await runHere(pepCommands, ['list', '--config', file, '--at', '2101-01-01'])
    expect(late).toMatchObject({
      exit: 1,
      text: expect.stringContaining('review overdue since 2100-01-01'),
    })
  })

  it('shows when one was last seen; revoked, it is refused at once and after a restart', async () => {
    expect((await run('list')).text).toMatch(/last seen \d{4}-/u)
    await expect(run('revoke', 'dev-gatway', '--reason', 'x')).rejects.toThrow(
      /the service has dev-gateway/u,
    )
    const { json, text } = await run('revoke', 'dev-gateway', '--reason', 'its key was stolen')
    expect(json).toMatchObject({ scope: { kind: 'pep', client_id: 'dev-gateway' } })
    expect(text).toMatch(/take the entry "dev-gateway" out/u)
    const authorization = `Bearer ${await mintPepToken(service.keys)}`
    const statuses = async () => [
      (await service.post('/v1/nonces', {})).status,
      (await service.post('/v1/nonces', {}, { authorization })).status,
      (await service.get('/v1/stops')).status,
    ]
    expect(await statuses()).toEqual([401, 401, 401])
    service = await service.restart()
    expect(await statuses()).toEqual([401, 401, 401])
  })

  it('says what is missing', async () => {
    await expect(run('revoke', '--reason', 'x')).rejects.toThrow(/client_id/u)
    await expect(run('revoke', 'gw')).rejects.toThrow(/--reason/u)
  })
})
