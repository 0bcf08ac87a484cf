/** Peers that prove themselves by a certificate, over real TLS, at a real service with two tenants of one trust domain. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { TLSSocket } from 'node:tls'
import { loadDevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { mintAccessToken, mintPepToken } from '../../service/adapter/development/mint.ts'
import { alice } from '../../service/adapter/development/example-queries.ts'
import type { PepProof, PepRegistration } from '../../service/contract/pep-registration.ts'
import type { Query } from '../../service/contract/query.ts'
import { developmentConfig } from '../../service/development-config.ts'
import { startService, type RunningService } from '../../service/serve.ts'
import { tokenHash } from '../../service/statement/digest.ts'
import { createServiceLog } from '../../service/telemetry/service-log.ts'
import { authority } from '../adapter/policy-engine/builtin/x509/make-certificate.ts'
import { alternativeNames } from '../adapter/policy-engine/builtin/x509/make-certificate.ts'
import {
  createRoot,
  keyUsage,
  serverCertificate,
  svidExtensions,
  uri,
  valid,
  type Issued,
  type TestAuthority,
} from '../support/certificates.ts'
import { queriesByEffect } from '../support/development-service.ts'
import { connectTls, requestOver, type TlsReply } from '../support/tls-client.ts'

const started = Math.floor(Date.now() / 1000)
let offset = 0
const clock = { now: () => Date.now() + offset * 1000, uuid: () => crypto.randomUUID() }
const long = valid(started - 3600, started + 7200)
const domain = development.trustDomain
const gatewayId = `spiffe://${domain}/gateway`
const serverId = `spiffe://${domain}/mcp/ops`
const names = { own: 'own.pdp.example', other: 'other.pdp.example' } as const
const ourRoot = createRoot('dev root', long)
const theirRoot = createRoot('dev root', long)
const tlsRoot = createRoot('tls root', long)
const directory = mkdtempSync(join(tmpdir(), 'countersign-mtls-'))
const keys = await loadDevelopmentKeys(directory)
let running: RunningService
let permitted: Query

const pepOf = (id: string, issuer: string, proof: PepProof): PepRegistration => ({
  ...{ client_id: id, issuer, proof, project: 'p', environment: 'prod', servers: [] },
  ...{ owner: 'o', review_by: 4_102_444_800 },
})

beforeAll(async () => {
  const shown = serverCertificate(tlsRoot, 'pdp.example', long)
  const files = {
    certificate_file: join(directory, 'tls.pem'),
    key_file: join(directory, 'tls.key'),
  }
  writeFileSync(files.certificate_file, shown.certificates)
  writeFileSync(files.key_file, shown.key)
  const config = developmentConfig(keys, { data: directory, port: 0, bundles: undefined })
  const [tenant] = config.tenants
  if (tenant === undefined) throw new Error('no tenant')
  const trusting = (root: TestAuthority): typeof tenant.trust_domains => {
    const entry = {
      ...root.pair.publicKey.export({ format: 'jwk' }),
      use: 'x509-svid',
      x5c: [root.der.toString('base64')],
    }
    const [{ bundle } = { bundle: null }] = tenant.trust_domains
    const known = bundle !== null && 'inline' in bundle ? (bundle.inline['keys'] as unknown[]) : []
    return [{ name: domain, bundle: { inline: { keys: [...known, entry] } } }]
  }
  const issuer = development.identityIssuer
  const workload = pepOf('workload', `spiffe://${domain}`, { mtls: { id: gatewayId } })
  const tenants = [
    {
      ...tenant,
      tls_names: [names.own],
      trust_domains: trusting(ourRoot),
      peps: [
        workload,
        pepOf('server', `spiffe://${domain}`, { mtls: { id: serverId } }),
        pepOf(development.pep, issuer, { certificate: {} }),
      ],
    },
    {
      ...tenant,
      id: 'other',
      audience: 'https://pdp.example/other',
      tls_names: [names.other],
      trust_domains: trusting(theirRoot),
      peps: [workload],
    },
  ]
  const tls = { host: '127.0.0.1', port: 0, ...files }
  const log = createServiceLog({ silent: true })
  running = await startService({ ...config, tls, tenants, development: null }, log, clock)
  permitted = (await queriesByEffect(keys)).permit
})
afterAll(() => running.stop('test'))

const connected = (shows?: Issued, servername: string = names.own): Promise<TLSSocket> =>
  connectTls({
    url: running.tlsUrl ?? '',
    ca: tlsRoot.certificates,
    checkServerIdentity: () => undefined,
    servername,
    shows,
  })
const ask = (socket: TLSSocket, query: Query = permitted, headers = {}): Promise<TlsReply> =>
  requestOver(socket, 'POST /v1/decisions', headers, query)
const codes = ({ status, body }: TlsReply): readonly unknown[] =>
  status === 200
    ? [body['effect'], ...(body['reasons'] as { code: string }[]).map(({ code }) => code)]
    : [status, body['code']]
/** Why the last callers were not let in, as an operator counts them. */
async function counted(failure: string): Promise<number> {
  const text = await (await fetch(`${running.url}/metrics`)).text()
  const line = new RegExp(`^countersign_\\w+\\{[^}]*"${failure}"[^}]*\\} (\\d+)$`, 'mu').exec(text)
  return Number(line?.[1] ?? 0)
}

describe('a gateway with the X.509-SVID that it is registered by', () => {
  it('is answered, and its question is judged', async () => {
    const socket = await connected(ourRoot.svid(gatewayId, long))
    expect(codes(await ask(socket))).toEqual(['permit'])
    expect(codes(await ask(socket))).toEqual(['permit'])
  })

  it('leads to its root through an authority in between', async () => {
    const middle = ourRoot.authority('middle', long)
    expect(codes(await ask(await connected(middle.svid(gatewayId, long))))).toEqual(['permit'])
  })

  it('may do what its registration says and nothing else', async () => {
    const socket = await connected(ourRoot.svid(gatewayId, long))
    expect((await requestOver(socket, 'GET /v1/stops')).status).toBe(403)
  })

  const leaf = (extensions: readonly Buffer[]): Issued => ourRoot.leaf({ ...long, extensions })
  const deep = (): Issued => {
    let last = ourRoot
    for (const name of ['a', 'b', 'c', 'd', 'e']) last = last.authority(name, long)
    return last.svid(gatewayId, long)
  }
  const stranger = createRoot('dev root', long)
  const elsewhere = ourRoot.svid('spiffe://evil.example/gateway', long)
  const rows: readonly (readonly [string, string, () => Issued])[] = [
    ['row 6: a root of nobody', 'untrusted_domain_key', () => stranger.svid(gatewayId, long)],
    [
      'row 6: the root of the other tenant',
      'untrusted_domain_key',
      () => theirRoot.svid(gatewayId, long),
    ],
    ['row 6: a trust domain of nobody', 'untrusted_domain', () => elsewhere],
    [
      'row 8: an ID in upper case',
      'bad_identifier',
      () => ourRoot.svid(`spiffe://${domain.toUpperCase()}/gateway`, long),
    ],
    ['row 8: a look-alike', 'pep_unknown', () => ourRoot.svid(`${gatewayId}-evil`, long)],
    [
      'two URIs',
      'bad_identifier',
      () => leaf([keyUsage.leaf, alternativeNames(uri(gatewayId), uri(serverId))]),
    ],
    [
      'an authority that speaks for itself',
      'certificate_profile',
      () => leaf([...svidExtensions(gatewayId), authority()]),
    ],
    [
      'row 20: a certificate that has ended',
      'expired',
      () => ourRoot.svid(gatewayId, valid(started - 60, started - 1)),
    ],
    [
      'row 20: a certificate to come',
      'not_yet_valid',
      () => ourRoot.svid(gatewayId, valid(started + 600, started + 900)),
    ],
    ['a path that is too long', 'path_too_long', deep],
  ]
  it.each(rows)('is not known by %s: %s', async (_what, failure, make) => {
    const before = await counted(failure)
    const reply = await ask(await connected(make()))
    expect(codes(reply)).toEqual([401, 'unauthenticated'])
    expect(await counted(failure)).toBe(before + 1)
  })

  it('is of the tenant whose name the connection was opened for, and of no other', async () => {
    const theirs = theirRoot.svid(gatewayId, long)
    expect((await ask(await connected(theirs, names.other))).status).toBe(200)
    expect((await ask(await connected(ourRoot.svid(gatewayId, long), names.other))).status).toBe(
      401,
    )
    expect((await ask(await connected(ourRoot.svid(gatewayId, long), 'pdp.example'))).status).toBe(
      401,
    )
  })

  it('is nobody on the plain listener, whatever headers say', async () => {
    const reply = await fetch(`${running.url}/v1/decisions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'client-cert': `:${ourRoot.svid(gatewayId, long).der.toString('base64')}:`,
        'x-forwarded-client-cert': `URI=${gatewayId}`,
      },
      body: JSON.stringify(permitted),
    })
    expect(reply.status).toBe(401)
  })

  it('is asked for its certificate again at each question: an open connection does not outlive it', async () => {
    const socket = await connected(ourRoot.svid(gatewayId, valid(started - 60, started + 600)))
    expect((await ask(socket)).status).toBe(200)
    offset = 601
    const late = await ask(socket)
    offset = 0
    expect(codes(late)).toEqual([401, 'unauthenticated'])
  })
})

describe('an access token that is bound to a certificate (RFC 8705)', () => {
  const own = ourRoot.leaf(long)
  const bind = ({ der }: Issued): { cnf: object } => ({ cnf: { 'x5t#S256': tokenHash(der) } })
  const bearer = async (extra: object): Promise<Record<string, string>> => ({
    authorization: `Bearer ${await mintPepToken(keys, 'pdp.evaluate', { ...extra })}`,
  })

  it('is a gateway with that certificate, whoever issued it', async () => {
    const reply = await ask(await connected(own), permitted, await bearer(bind(own)))
    expect(codes(reply)).toEqual(['permit'])
  })

  it.each([
    ['without a certificate', 'certificate_missing', undefined, bind(own)],
    ['with another', 'certificate_mismatch', ourRoot.leaf(long), bind(own)],
    ['that is bound to nothing', 'pop_missing', own, {}],
  ] as const)('row 13: is nobody %s: %s', async (_what, failure, shows, extra) => {
    const before = await counted(failure)
    const reply = await ask(await connected(shows), permitted, await bearer(extra))
    expect(codes(reply)).toEqual([401, 'unauthenticated'])
    expect(await counted(failure)).toBe(before + 1)
  })

  it('is an initiator whose agent asks on that connection, and on no other', async () => {
    const svid = ourRoot.svid(gatewayId, long)
    const token = await mintAccessToken(
      keys,
      alice,
      'https://mcp.dev.countersign.test/ops',
      bind(svid),
    )
    const query = { ...permitted, initiator: { access_token: token } }
    expect(codes(await ask(await connected(svid), query))).toEqual(['permit'])
    const another = ourRoot.svid(gatewayId, long)
    expect(codes(await ask(await connected(another), query))).toEqual([
      'deny',
      'initiator.certificate_mismatch',
    ])
    const certified = await bearer(bind(own))
    expect(codes(await ask(await connected(own), query, certified))).toEqual([
      'deny',
      'initiator.certificate_mismatch',
    ])
  })
})

describe('a server that asks for itself', () => {
  const byConnection: Query['server'] = { id: 'ops', proof: { mtls: true } }

  it('is proved by the connection, with possession', async () => {
    const socket = await connected(ourRoot.svid(serverId, long))
    expect(codes(await ask(socket, { ...permitted, server: byConnection }))).toEqual(['permit'])
  })

  it('opens a proof session by it, which its gateway quotes elsewhere and which ends with the certificate', async () => {
    const gateway = { issuer: `spiffe://${domain}`, client_id: 'workload' }
    const opening = { gateway, server: byConnection }
    const svid = ourRoot.svid(serverId, valid(started - 60, started + 120))
    const socket = await connected(svid)
    const { status, body } = await requestOver(socket, 'POST /v1/proof-sessions', {}, opening)
    expect([status, body['expires_at']]).toEqual([
      201,
      new Date((started + 120) * 1000).toISOString(),
    ])
    const server = { id: 'ops', proof: { session: String(body['handle']) } }
    const quoting = await connected(ourRoot.svid(gatewayId, long))
    expect(codes(await ask(quoting, { ...permitted, server }))).toEqual(['permit'])
    expect(codes(await ask(socket, { ...permitted, server }))).toEqual([
      'deny',
      'server.session_unknown',
    ])
  })

  it.each([
    ['as another workload', () => connected(ourRoot.svid(gatewayId, long)), 404],
    ['by the root of the other tenant', () => connected(theirRoot.svid(serverId, long)), 401],
    [
      'at the name of the other tenant',
      () => connected(ourRoot.svid(serverId, long), names.other),
      401,
    ],
    ['at the name of nobody', () => connected(ourRoot.svid(serverId, long), 'x.example'), 401],
    ['without a certificate', () => connected(), 401],
  ])('opens no proof session %s', async (_how, connection, status) => {
    const gateway = { issuer: `spiffe://${domain}`, client_id: 'workload' }
    const opening = { gateway, server: byConnection }
    const reply = await requestOver(await connection(), 'POST /v1/proof-sessions', {}, opening)
    expect(reply.status).toBe(status)
  })

  it('is not the gateway that speaks for it', async () => {
    const socket = await connected(ourRoot.svid(gatewayId, long))
    expect(codes(await ask(socket, { ...permitted, server: byConnection }))).toEqual([
      'deny',
      'identity.server_mismatch',
    ])
  })

  it('is not proved by two things at once', async () => {
    const socket = await connected(ourRoot.svid(serverId, long))
    const proof = { ...permitted.server.proof, mtls: true } as const
    expect(codes(await ask(socket, { ...permitted, server: { id: 'ops', proof } }))).toEqual([
      400,
      'invalid_request',
    ])
  })
})
