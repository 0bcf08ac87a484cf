/** An access token bound to a certificate (RFC 8705) that a gateway's TLS proved, not ours: its word, and never possession. */
import { afterAll, describe, expect, it } from '@jest/globals'
import type { InitiatorEvidence } from '../../service/contract/query.ts'
import type { Asked, ProofPorts } from '../../service/flow/proof-ports.ts'
import { proveInitiator } from '../../service/flow/prove-initiator.ts'
import { tokenHash } from '../../service/statement/digest.ts'
import { makeCertificate, named } from '../adapter/policy-engine/builtin/x509/make-certificate.ts'
import { createRoot, valid } from '../support/certificates.ts'
import { idp, moment, resource, tenantAudience } from '../support/issuer.ts'
import { startTokens } from '../support/tokens.ts'
import { createHolder } from '../support/workload.ts'

const { keySets, sign, verify, close } = await startTokens()
afterAll(close)
const holder = await createHolder(() => moment)
const ports: ProofPorts = {
  tenant: {
    ...{ id: 'acme', audience: tenantAudience, initiatorIssuers: [idp] },
    agentDocument: () => null,
    platformDemands: () => null,
  },
  ...{ verify, keySets },
}
const asked: Asked = {
  ...{ now: moment, resource, tlsPin: null, accessToken: null, isRevoked: () => false },
  pep: { issuer: idp, clientId: 'gateway', workload: null, peer: null, grade: 'bearer' },
  ...{ isRequest: () => true, isNonce: () => true },
  session: () => ({ ok: false, failure: 'session_unknown' }),
}
const initiator = async (given: InitiatorEvidence, pep: Partial<Asked['pep']> = {}) =>
  await proveInitiator(given, { ...asked, pep: { ...asked.pep, ...pep } }, ports)

const root = createRoot('root', valid(moment - 100, moment + 100))
const own = root.leaf(valid(moment - 100, moment + 20)).der
const other = root.leaf(valid(moment - 100, moment + 20)).der
const textOf = (der: Uint8Array): string => Buffer.from(der).toString('base64')
const boundTo = (der: Uint8Array): Promise<string> =>
  sign('access_token', { cnf: { 'x5t#S256': tokenHash(der) } })
const token = await boundTo(own)
const failing = (failure: string) => ({ ok: false, failure })

describe('an initiator is known by the certificate that its gateway forwards', () => {
  it.each([
    ['pop', 'forwarded'],
    ['bearer', 'forwarded'],
    ['asserted', 'asserted'],
    ['none', 'asserted'],
  ] as const)('on the word of a gateway by %s: %s', async (by, grade) => {
    const given = { access_token: token, certificate: textOf(own) }
    expect(await initiator(given, { grade: by })).toMatchObject({
      ok: true,
      facts: { grade, sub: 'alice', expires_at: moment + 20 },
      replayKeys: [],
    })
  })

  it('of which nobody says who issued it', async () => {
    const alone = makeCertificate({ ...valid(moment, moment), subject: named('agent') })
    const given = { access_token: await boundTo(alone), certificate: textOf(alone) }
    expect(await initiator(given)).toMatchObject({ facts: { grade: 'forwarded' } })
  })

  it('also when the gateway showed one of its own, which is not what the token is bound to', async () => {
    const peer = { thumbprint: tokenHash(other), chain: [other] }
    const given = { access_token: token, certificate: textOf(own) }
    expect(await initiator(given, { peer })).toMatchObject({ facts: { grade: 'forwarded' } })
  })
})

it('the document of the agent has a say here too', async () => {
  const agentDocument = () => ({ ok: false, failure: 'agent_document' }) as const
  const documented = { ...ports, tenant: { ...ports.tenant, agentDocument } }
  const given = { access_token: token, certificate: textOf(own) }
  expect(await proveInitiator(given, asked, documented)).toEqual(failing('agent_document'))
})

const late = root.leaf(valid(moment - 100, moment - 1)).der
const early = root.leaf(valid(moment + 1, moment + 100)).der
const certificate = textOf(own)
const wrong: readonly (readonly [string, InitiatorEvidence, string])[] = [
  [
    'by another certificate',
    { access_token: token, certificate: textOf(other) },
    'certificate_mismatch',
  ],
  [
    'by one that has ended',
    { access_token: await boundTo(late), certificate: textOf(late) },
    'expired',
  ],
  [
    'by one that is not valid yet',
    { access_token: await boundTo(early), certificate: textOf(early) },
    'not_yet_valid',
  ],
  ['by none', { access_token: token, certificate: 'AAAA' }, 'malformed'],
  [
    'by one in another spelling',
    { access_token: token, certificate: `${certificate}=` },
    'malformed',
  ],
  [
    'by a token that is bound to nothing',
    { access_token: await sign('access_token'), certificate },
    'pop_unexpected',
  ],
  [
    'by a token that is bound to a key',
    {
      access_token: await sign('access_token', { cnf: { jkt: tokenHash(own) } }),
      certificate,
    },
    'pop_missing',
  ],
  [
    'by a DPoP proof beside it',
    { access_token: token, dpop: await holder.dpop(token, resource), certificate },
    'proof_many',
  ],
  ['by a platform beside it', { platform_token: 'a.b.c', certificate }, 'proof_many'],
  [
    'by a WIT beside it',
    {
      wit: await sign('wit', { cnf: { jwk: holder.key.jwk } }),
      wpt: 'x',
      certificate,
    },
    'pop_unexpected',
  ],
  ['by a certificate alone, which is public', { certificate }, 'malformed'],
  ['by the token without its certificate', { access_token: token }, 'certificate_missing'],
]

describe('an initiator is not known', () => {
  it.each(wrong)('%s', async (_how, given, failure) => {
    expect(await initiator(given)).toMatchObject(failing(failure))
  })
})
