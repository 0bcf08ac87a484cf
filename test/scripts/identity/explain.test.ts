/** `countersign identity explain`: what it says is what the decision path does, and never the token itself. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { identityCommands } from '../../../scripts/identity/commands.ts'
import {
  loadDevelopmentKeys,
  type DevelopmentKeys,
} from '../../../service/adapter/development/development-keys.ts'
import { alice } from '../../../service/adapter/development/example-queries.ts'
import {
  mintAccessToken,
  mintJwtSvid,
  mintPepToken,
  mintPurposeGrant,
  mintWit,
} from '../../../service/adapter/development/mint.ts'
import { runHere } from '../../support/in-process.ts'
import { sessionRevoked, signEvent } from '../../support/security-event.ts'
import { createHolder } from '../../support/workload.ts'

const now = (): number => Math.floor(Date.now() / 1000)
const data = mkdtempSync(join(tmpdir(), 'countersign-explain-'))
const resource = 'https://mcp.dev.countersign.test/ops'
const spiffeId = 'spiffe://dev.countersign.test/mcp/ops'
const holder = await createHolder(now)
let keys: DevelopmentKeys
let tokens: Readonly<Record<string, string>>

beforeAll(async () => {
  keys = await loadDevelopmentKeys(data)
  const bounds = { classifications: [], resources: [], residency: [], directions: [] }
  tokens = {
    access_token: await mintAccessToken(keys, alice, resource),
    pep_token: await mintPepToken(keys),
    jwt_svid: await mintJwtSvid(keys, spiffeId),
    wit: await mintWit(keys, spiffeId, holder.key.jwk),
    purpose_grant: await mintPurposeGrant(keys, 'alice', {
      ...{ purpose: { code: 'x' }, capabilities: ['ops/*'], data: bounds },
    }),
    security_event: await signEvent(keys, sessionRevoked('alice')),
  }
})

type Json = {
  readonly kind: string
  readonly accepted: boolean
  readonly passed: readonly string[]
  readonly failed: { readonly step: string; readonly failure: string } | null
  readonly unchecked: readonly string[]
}

async function explain(token: string, ...more: readonly string[]) {
  const { exit, text, json } = await runHere(identityCommands, [
    'explain',
    token,
    '--data',
    data,
    ...more,
  ])
  for (const part of token.split('.')) if (part.length > 20) expect(text).not.toContain(part)
  expect(JSON.stringify(json)).not.toContain(token)
  return { exit, text, json: json as Json }
}

const all = ['form', 'header', 'issuer', 'key', 'signature', 'payload', 'claims', 'now']

describe('a good token', () => {
  it.each(['access_token', 'pep_token', 'jwt_svid', 'wit', 'purpose_grant', 'security_event'])(
    'of kind %s is known by its type, and each check is named',
    async (kind) => {
      const { exit, text, json } = await explain(tokens[kind] ?? '')
      expect([exit, json.kind, json.accepted, json.passed]).toEqual([0, kind, true, all])
      expect(text).toContain('Not checked here:')
      expect(json.unchecked.length).toBeGreaterThan(0)
    },
  )
})

const changedPayload = (token: string): string => {
  const [header = '', , signature = ''] = token.split('.')
  return `${header}.${Buffer.from('{"iss":"https://idp.dev.countersign.test"}').toString('base64url')}.${signature}`
}

describe('a bad token', () => {
  const bad: readonly (readonly [string, () => string, readonly string[], string, string])[] = [
    ['no token at all', () => 'a.b', [], 'form', 'malformed'],
    [
      'one of another kind',
      () => tokens['access_token'] ?? '',
      ['--as', 'wit'],
      'header',
      'wrong_type',
    ],
    [
      'one of a stranger',
      () => tokens['security_event'] ?? '',
      ['--as', 'access_token'],
      'header',
      'wrong_type',
    ],
    [
      'one that was changed',
      () => changedPayload(tokens['access_token'] ?? ''),
      [],
      'signature',
      'bad_signature',
    ],
    [
      'one that has ended',
      () => tokens['access_token'] ?? '',
      ['--at', String(now() + 7200)],
      'now',
      'expired',
    ],
    [
      'one for another server',
      () => tokens['access_token'] ?? '',
      ['--resource', 'https://x.example'],
      'now',
      'audience',
    ],
    [
      'an SVID as a credential',
      () => tokens['jwt_svid'] ?? '',
      ['--as', 'pep_token'],
      'header',
      'wrong_type',
    ],
  ]
  it.each(bad)('%s', async (_name, token, more, step, failure) => {
    const { exit, text, json } = await explain(token(), ...more)
    expect([exit, json.failed]).toEqual([1, { step, failure }])
    expect(json.passed).toEqual(all.slice(0, all.indexOf(step)))
    expect(text).toContain(`FAIL ${step}`)
    expect(text).toContain('To change: ')
  })

  it('of an issuer that the tenant does not know: it says whom the tenant trusts', async () => {
    const stranger = await holder.key.sign(
      { iss: 'https://evil.example' },
      { typ: 'at+jwt', kid: 'x' },
    )
    const { text, json } = await explain(stranger)
    expect(json.failed).toEqual({ step: 'key', failure: 'issuer_unknown' })
    expect(text).toContain('https://idp.dev.countersign.test (initiator, pep, events)')
  })

  it('of a type that is never evidence says so', async () => {
    const { text, json } = await explain(await holder.key.sign({}, { typ: 'logout+jwt', kid: 'x' }))
    expect(json.failed).toEqual({ step: 'header', failure: 'wrong_type' })
    expect(text).toContain('never evidence')
  })

  it('cannot write to the terminal of who reads it', async () => {
    const name = '\u001b[2J\u202eevil'
    const { text } = await explain(
      await holder.key.sign({ iss: name }, { typ: 'at+jwt', kid: name }),
    )
    expect(text).not.toMatch(/[\u001b\u202e]/u)
  })
})

describe('a proof of possession', () => {
  const file = (token: string): string => {
    const path = join(data, `${crypto.randomUUID()}.jwt`)
    writeFileSync(path, `${token}\n`)
    return path
  }
  it('is explained with the token that it is about', async () => {
    const { wit = '' } = tokens
    const wpt = await holder.wpt(wit, 'https://pdp.dev.countersign.test/tenants/dev')
    const { json } = await explain(wpt, '--with', file(wit))
    expect([json.kind, json.accepted, json.passed]).toEqual(['wpt', true, ['companion', 'proof']])
    const other = await explain(
      wpt,
      '--with',
      file(await mintWit(keys, `${spiffeId}/x`, holder.key.jwk)),
    )
    expect(other.json.failed).toEqual({ step: 'proof', failure: 'wth' })
    const expired = await explain(wpt, '--with', file(wit), '--at', String(now() + 1000))
    expect(expired.json.failed).toEqual({ step: 'proof', failure: 'expired' })
  })

  it('of an access token too', async () => {
    const bound = await mintAccessToken(keys, alice, resource, { cnf: { jkt: holder.thumbprint } })
    const dpop = await holder.dpop(bound, resource)
    const given = ['--with', file(bound), '--resource', resource]
    expect((await explain(dpop, ...given)).json.accepted).toBe(true)
    const elsewhere = await holder.dpop(bound, 'https://x.example')
    expect((await explain(elsewhere, ...given)).json.failed).toEqual({
      step: 'proof',
      failure: 'pop_target',
    })
    expect((await explain(bound)).json.unchecked.join()).toContain('the proof of the key')
  })

  it('alone is not enough', async () => {
    const wpt = await holder.wpt('x', 'y')
    await expect(explain(wpt)).rejects.toThrow('--with')
  })
})

it('is held to key sets of files, and fetches nothing', async () => {
  const path = join(data, 'others.json')
  writeFileSync(path, JSON.stringify({ keys: [{ ...holder.key.jwk, kid: 'other', use: 'sig' }] }))
  const given = ['--offline', '--keys', `https://idp.dev.countersign.test=${path}`]
  const { json } = await explain(tokens['access_token'] ?? '', ...given)
  expect(json.failed).toEqual({ step: 'key', failure: 'key_not_found' })
})

it.each([
  [[], 'Give one token'],
  [['nothing'], 'Name a file'],
  [['a.b.c', '--as', 'badge'], '--as badge'],
  [['a.b.c', '--at', 'soon'], '--at soon'],
  [['a.b.c', '--keys', 'x'], '--keys x'],
  [['a.b.c', '--tenant', 'x'], '--tenant'],
  [['a.b.c', '--config', 'x.json'], 'not both'],
])('%j: one line says what to change', async (given, line) => {
  await expect(runHere(identityCommands, ['explain', ...given, '--data', data])).rejects.toThrow(
    line,
  )
})
