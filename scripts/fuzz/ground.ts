// Where the fuzzer plays: the stage of the attacks, with a registry and gateways by which each kind of proof leads to a
// permit, on both listeners; and the same tenant without a rim, for what a peer shows in a handshake, which is slow.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'winston'
import { createAgentDocuments } from '../../service/adapter/agent-documents/agent-documents.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { createKeySets } from '../../service/adapter/key-sets/key-sets.ts'
import { createStatusLists } from '../../service/adapter/status-lists/status-lists.ts'
import type { TenantConfig } from '../../service/contract/config.ts'
import type { PepProof, PepRegistration } from '../../service/contract/pep-registration.ts'
import type { Registry } from '../../service/contract/registry.ts'
import { createVerifyToken } from '../../service/flow/verify-token.ts'
import type { Tenant } from '../../service/flow/tenant.ts'
import { openTenant } from '../../service/open-tenant.ts'
import type { Wanted } from '../../test/adapter/policy-engine/builtin/x509/make-certificate.ts'
import { createRoot, keyPin, serverCertificate, valid } from '../../test/support/certificates.ts'
import { names, type Party } from '../../test/support/party.ts'
import { registryCopy, releasedBundles } from '../../test/support/released-bundles.ts'
import { startStage, type Stage } from '../../test/support/stage.ts'
import { createAuthorities, type Authorities } from './hostile-chain.ts'

export type Ground = {
  readonly stage: Stage
  readonly party: Party
  readonly authorities: Authorities
  /** Seconds since the epoch: the clock of the service stands still. */
  readonly now: number
  /** A validity that begins before and ends after. */
  readonly long: Wanted
  /** The tenant of that party, with a log of its own. */
  readonly port: Tenant
  /** PEM of who issued the certificate of the TLS listener. */
  readonly listenerRoot: string
  readonly stop: () => Promise<void>
}

/** Names of what is registered beside the usual. */
export const saas = 'mcp.saas.example'
export const tlsName = 'a.pdp.example'
export const launched = `sha256:${'5e'.repeat(32)}`
const trustDomain = `spiffe://${development.trustDomain}`
export const gateways = {
  dpop: 'dpop-gateway',
  certificate: 'certificate-gateway',
  wit: `${trustDomain}/gateway/wit`,
  mtls: `${trustDomain}/gateway/mtls`,
} as const

export async function startGround(job: string, log: Logger): Promise<Ground> {
  const now = Math.floor(Date.now() / 1000)
  const long = valid(now - 1000, now + 100_000)
  const authorities = createAuthorities(now, [
    [6, development.trustDomain],
    [2, saas],
  ])
  const listener = createRoot('listener root', long)
  const shown = serverCertificate(listener, tlsName, long)
  const { directory } = releasedBundles(registryWith(job, keyPin(authorities.root.der)))
  const files = {
    certificate_file: join(directory, 'tls.pem'),
    key_file: join(directory, 'tls.key'),
  }
  writeFileSync(files.certificate_file, shown.certificates)
  writeFileSync(files.key_file, shown.key)
  const stage = await startStage({
    ...{ bundles: directory, log, tls: files },
    configure: (tenant) => configured(tenant, authorities),
  })
  const port = await openPort(stage)
  return {
    ...{ stage, party: stage.a, authorities, now: stage.now(), long, port: port.tenant },
    listenerRoot: listener.certificates,
    stop: async () => {
      await port.close()
      await stage.stop()
    },
  }
}

async function openPort({ config, data, now }: Stage): Promise<{
  readonly tenant: Tenant
  readonly close: () => Promise<void>
}> {
  const clock = { now: () => now() * 1000, uuid: () => crypto.randomUUID() }
  const own = { ...config, dataDirectory: join(data, 'port') }
  const [tenant] = config.tenants
  if (tenant === undefined) throw new Error('the stage has no tenant')
  const keySets = await createKeySets([tenant], { clock })
  const statusLists = createStatusLists([tenant], { keySets, clock })
  const agentDocuments = createAgentDocuments([tenant], { keySets, clock })
  const failed = (error: unknown): never => {
    throw error
  }
  const opened = await openTenant(tenant, own, {
    ...{ clock, verify: createVerifyToken(keySets, statusLists), keySets, agentDocuments },
    ...{
      statusLists,
      observePolicy: () => undefined,
      observeShadow: () => undefined,
      logTold: () => undefined,
    },
    observeWitness: () => undefined,
    observeDelivery: () => undefined,
    publishFailed: failed,
    expiryFailed: failed,
    retentionFailed: failed,
    keysFailed: failed,
  })
  const close = async (): Promise<void> => {
    await opened.close('test')
    await keySets.close()
  }
  return { tenant: opened.tenant, close }
}

function configured(tenant: TenantConfig, { root }: Authorities): TenantConfig {
  const entry = {
    ...root.pair.publicKey.export({ format: 'jwk' }),
    ...{ use: 'x509-svid', x5c: [root.der.toString('base64')] },
  }
  const [pep] = tenant.peps
  const like = (client_id: string, proof: PepProof, issuer = trustDomain): PepRegistration[] =>
    pep === undefined ? [] : [{ ...pep, client_id, proof, issuer }]
  return {
    ...tenant,
    tls_names: [tenant.id === 'a' ? tlsName : `${tenant.id}.pdp.example`],
    trust_domains: tenant.trust_domains.map((domain) =>
      domain.name === development.trustDomain && 'inline' in domain.bundle
        ? { ...domain, bundle: { inline: { keys: [...keysOf(domain.bundle.inline), entry] } } }
        : domain,
    ),
    peps: [
      ...tenant.peps,
      ...like(gateways.dpop, { dpop: {} }, development.identityIssuer),
      ...like(gateways.certificate, { certificate: {} }, development.identityIssuer),
      ...like('wit', { wit: { id: gateways.wit } }),
      ...like('mtls', { mtls: { id: gateways.mtls } }),
      // A server that asks for itself.
      ...like('server', { mtls: { id: names.spiffeId } }),
    ],
  }
}

function keysOf(inline: Readonly<Record<string, unknown>>): readonly unknown[] {
  return inline['keys'] as readonly unknown[]
}

function registryWith(job: string, key: string): Registry {
  const all = registryCopy()
  const { ops } = all.servers
  if (ops === undefined) throw new Error('there is no server ops')
  const claims = { repository_owner_id: '12', sub: job }
  const workloads: Readonly<Record<string, typeof ops.workload>> = {
    pipelines: { platform: { issuer: names.platform, claims } },
    saas: { tls: { name: saas, keys: [key] } },
    stdio: { launch: { digests: [launched] } },
  }
  const more = Object.keys(workloads)
  for (const [name, workload] of Object.entries(workloads))
    all.servers[name] = { ...ops, resource: names.resource, workload }
  for (const { capabilities } of Object.values(all.servers))
    for (const capability of Object.values(capabilities))
      capability.shadows_reviewed = ['ops', ...more]
  for (const agent of Object.values(all.agents)) agent.servers.push(...more)
  all.groups['sre'] = [
    ...(all.groups['sre'] ?? []),
    { iss: names.platform, sub: job },
    { iss: trustDomain, sub: names.spiffeId },
  ]
  return all
}
