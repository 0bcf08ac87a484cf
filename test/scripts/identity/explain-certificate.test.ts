/** `countersign identity explain` of X.509-SVIDs and of proofs by their keys: the steps of the decision path itself. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { identityCommands } from '../../../scripts/identity/commands.ts'
import { loadDevelopmentKeys } from '../../../service/adapter/development/development-keys.ts'
import {
  alternativeNames,
  authority,
  pem,
} from '../../adapter/policy-engine/builtin/x509/make-certificate.ts'
import { certify, createRoot, keyUsage, uri, valid } from '../../support/certificates.ts'
import { runHere } from '../../support/in-process.ts'
import { createHolder } from '../../support/workload.ts'

const now = Math.floor(Date.now() / 1000)
const long = valid(now - 1000, now + 3000)
const data = mkdtempSync(join(tmpdir(), 'countersign-explain-'))
const audience = 'https://pdp.dev.countersign.test/tenants/dev'
const id = 'spiffe://dev.countersign.test/mcp/ops'
const root = createRoot('root', long)
const middle = root.authority('middle', valid(now - 1000, now + 2000))
const holder = await createHolder(() => now)
const leaf = certify(middle, holder.key.jwk, id, long)
const chain = [leaf, middle.der]
const bundle = join(data, 'bundle.json')

beforeAll(async () => {
  await loadDevelopmentKeys(data)
  const key = root.pair.publicKey.export({ format: 'jwk' })
  const entry = { ...key, use: 'x509-svid', x5c: [root.der.toString('base64')] }
  writeFileSync(bundle, JSON.stringify({ keys: [entry] }))
})

const file = (text: string): string => {
  const path = join(data, crypto.randomUUID())
  writeFileSync(path, text)
  return path
}
const pemOf = (...ders: readonly Buffer[]): string => file(ders.map((der) => pem(der)).join(''))

type Json = {
  readonly kind: string
  readonly accepted: boolean
  readonly passed: readonly string[]
  readonly ahead: readonly string[]
  readonly failed: { readonly step: string; readonly failure: string } | null
}

async function explain(given: string, ...more: readonly string[]) {
  const trusted = ['--data', data, '--keys', `dev.countersign.test=${bundle}`, '--offline']
  const { exit, text, json } = await runHere(identityCommands, [
    ...['explain', given, ...trusted, '--at', String(now)],
    ...more,
  ])
  return { exit, text, json: json as Json }
}

const steps = ['certificates', 'leaf', 'authorities', 'path']

describe('an X.509-SVID', () => {
  it.each([
    ['as PEM', () => pemOf(...chain)],
    ['as x5c', () => file(JSON.stringify(chain.map((der) => der.toString('base64'))))],
  ])('%s is known as one, and each check is named', async (_form, make) => {
    const { exit, text, json } = await explain(make())
    expect([exit, json.kind, json.accepted, json.passed]).toEqual([0, 'x509_svid', true, steps])
    expect(text).toContain(`certificate of "${id}"`)
    expect(text).toContain('Not checked here:')
    expect(text).not.toContain(leaf.toString('base64').slice(0, 60))
  })

  const named = (name: string): Buffer =>
    certify(middle, holder.key.jwk, id, {
      ...long,
      extensions: [keyUsage.leaf, alternativeNames(uri(name))],
    })
  const stranger = createRoot('root', long).authority('middle', long)
  it.each([
    ['that is cut off', () => pemOf(leaf.subarray(0, 99)), 'certificates', 'malformed'],
    ['that names nobody', () => pemOf(named('https://x')), 'leaf', 'bad_identifier'],
    [
      'that is an authority',
      () =>
        pemOf(
          certify(middle, holder.key.jwk, id, {
            ...long,
            extensions: [keyUsage.leaf, authority(), alternativeNames(uri(id))],
          }),
        ),
      'leaf',
      'certificate_profile',
    ],
    [
      'of a trust domain that nobody trusts',
      () => pemOf(named('spiffe://x.example/a')),
      'authorities',
      'untrusted_domain',
    ],
    ['without what leads to the root', () => pemOf(leaf), 'path', 'untrusted_domain_key'],
    [
      'of another root',
      () => pemOf(certify(stranger, holder.key.jwk, id, long), stranger.der),
      'path',
      'untrusted_domain_key',
    ],
  ])('%s', async (_which, make, step, failure) => {
    const { exit, text, json } = await explain(make())
    expect([exit, json.failed]).toEqual([1, { step, failure }])
    expect([...json.passed, step, ...json.ahead]).toEqual(steps)
    expect(text).toContain('To change: ')
  })

  it('whose authority has ended', async () => {
    const { json } = await explain(pemOf(...chain), '--at', String(now + 2500))
    expect(json.failed).toEqual({ step: 'path', failure: 'expired' })
  })
})

describe('a proof by its key', () => {
  it('is explained with the certificates', async () => {
    const proof = await holder.x5Proof(leaf, audience)
    const { exit, text, json } = await explain(proof, '--with', pemOf(...chain))
    expect([exit, json.kind, json.passed]).toEqual([0, 'x5_proof', [...steps, 'proof']])
    for (const part of proof.split('.')) expect(text).not.toContain(part)
  })

  it.each([
    ['for another tenant', { aud: 'https://x.example' }, 'audience'],
    ['by another certificate', { 'x5t#S256': 'x' }, 'certificate_mismatch'],
    ['that has ended', { exp: now - 31 }, 'expired'],
  ])('%s', async (_which, claims, failure) => {
    const proof = await holder.x5Proof(leaf, audience, { claims })
    const { json } = await explain(proof, '--with', pemOf(...chain))
    expect([json.passed, json.failed]).toEqual([steps, { step: 'proof', failure }])
  })

  it('by another key', async () => {
    const proof = await (await createHolder(() => now)).x5Proof(leaf, audience)
    const { json } = await explain(proof, '--with', pemOf(...chain))
    expect(json.failed).toEqual({ step: 'proof', failure: 'bad_signature' })
  })

  it('whose certificates are not trusted: what fails is theirs', async () => {
    const proof = await holder.x5Proof(leaf, audience)
    const { json } = await explain(proof, '--with', pemOf(leaf))
    expect(json.failed).toEqual({ step: 'path', failure: 'untrusted_domain_key' })
    expect(json.ahead).toEqual(['proof'])
  })

  it.each([
    [[], 'name the certificates'],
    [['--with', file('nothing')], 'Give certificates'],
    [['--with', file('[1]')], 'Give certificates'],
  ])('with %j: one line says what to change', async (more, line) => {
    await expect(explain(await holder.x5Proof(leaf, audience), ...more)).rejects.toThrow(line)
  })
})
