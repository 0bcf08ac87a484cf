/** One tenant, opened: its log, its policy, its PEPs; closed in order. */
import { join } from 'node:path'
import { createSignIn } from './adapter/sign-in/openid-provider.ts'
import { openAuditLog, type AuditLogOptions } from './adapter/audit-log/open-audit-log.ts'
import { readPassphrase } from './adapter/audit-log/keys/passphrase.ts'
import { RemoteSigner } from './adapter/remote-signer/remote-signer.ts'
import type { Config } from './config.ts'
import type { TrustState } from './contract/trust-state.ts'
import type { Signing, TenantConfig } from './contract/config.ts'
import { limits } from './contract/limits.ts'
import { usualProof, type PepRegistration } from './contract/pep-registration.ts'
import { LastSeen } from './flow/last-seen.ts'
import { KeptPolicies } from './flow/kept-policies.ts'
import type { DecidePorts, Tenant } from './flow/tenant.ts'
import type { PolicyLife, PolicyNotice } from './flow/policy-life.ts'
import { policyNotices, policyObstacles } from './flow/policy-state.ts'
import { recordEvent } from './flow/record-event.ts'
import type { ShadowNotice } from './flow/shadow-candidate.ts'
import { trustNotices } from './flow/trust-notices.ts'
import { keyNotices, keyObstacles } from './flow/signing-keys.ts'
import { shadowReportOf } from './flow/shadow.ts'
import type { VerifyToken } from './flow/verify-token.ts'
import type { WitnessNotice } from './flow/witnessing.ts'
import type { AuditLog } from './port/audit-log.ts'
import { keepExpired } from './keep-expired.ts'
import { keepRetention } from './keep-retention.ts'
import { openDeliveries, type DeliveriesWiring, type OpenDeliveries } from './open-deliveries.ts'
import { openPublication, type OpenPublication } from './open-publication.ts'
import { openKeys, type OpenKeys } from './open-keys.ts'
import { openPolicy } from './open-policy.ts'
import { openShadow } from './open-shadow.ts'
import type { AgentDocuments } from './port/agent-documents.ts'
import type { Clock } from './port/clock.ts'
import type { KeySets } from './port/key-sets.ts'
import type { StatusLists } from './port/status-lists.ts'

export type TenantPorts = {
  readonly clock: Clock
  readonly verify: VerifyToken
  readonly keySets: KeySets
  readonly agentDocuments: AgentDocuments
  readonly statusLists: StatusLists
  readonly observePolicy: (notice: PolicyNotice) => void
  readonly observeShadow: (notice: ShadowNotice) => void
  /** Told when the end of an approval cannot be logged. */
  readonly expiryFailed: (error: unknown) => void
  /** Told when what has been kept long enough cannot be ended. */
  readonly retentionFailed: (error: unknown) => void
  /** Told when a decision key could not be replaced or ended. */
  readonly keysFailed: (error: unknown) => void
  /** Told when the log cannot be published any more. */
  readonly publishFailed: (error: unknown) => void
  /** Told when the log had to be read whole, or its index made anew, and why. */
  readonly logTold: (notice: string) => void
  readonly observeWitness: (notice: WitnessNotice) => void
  readonly observeDelivery: DeliveriesWiring['told']
}

export type OpenTenant = {
  readonly tenant: Tenant
  readonly deliveries: OpenDeliveries['states']
  readonly close: (reason: string) => Promise<void>
}

/** @throws PdpError `bundle_refused`, `log_locked`, `log_corrupt`, `config_invalid`. */
export async function openTenant(
  configured: TenantConfig,
  config: Config,
  ports: TenantPorts,
): Promise<OpenTenant> {
  const audit = await openAuditLog({
    directory: join(config.dataDirectory, 'tenants', configured.id),
    origin: originOf(config, configured.id),
    ...(await signingOf(configured.signing)),
    told: ports.logTold,
  })
  const clock = neverBack(ports.clock, audit)
  const events = { tenant: configured.id, audit, clock }
  let publication: OpenPublication | null = null
  let keys: OpenKeys | null = null
  let life: PolicyLife
  try {
    publication = await openPublication(audit, events, {
      witness: configured.log?.witness ?? null,
      failed: ports.publishFailed,
      toldOfWitness: ports.observeWitness,
    })
    keys = await openKeys(configured, audit, events, ports.keysFailed)
    await recordEvent(events, 'start', { mode: config.mode })
    // Whether a witness disputes the log must be known before the first decision.
    if (configured.log?.witness !== undefined) await publication.publisher.publish()
    life = await openPolicy(configured, config, { events, observe: ports.observePolicy })
  } catch (error) {
    await keys?.close()
    await publication?.close()
    await audit.close()
    throw error
  }
  const { publisher } = publication
  const { witnesses } = publisher.ports
  const facts = {
    ...factsOf(configured, { ...ports, clock }, audit),
    ...policyOf(life),
    lacksWitnesses: (now: number) => witnesses?.isDenying(now) ?? false,
  }
  const shadow = openShadow(configured, config, { events, facts, observe: ports.observeShadow })
  const deliveries = openDeliveries(configured.deliveries ?? [], {
    ...{ events, publicUrl: config.publicUrl, told: ports.observeDelivery },
    directory: join(config.dataDirectory, 'tenants', configured.id, 'deliveries'),
  })
  const expiry = keepExpired(facts, ports.expiryFailed)
  const retention = keepRetention({ ...events, policy: facts.policy }, ports.retentionFailed)
  const trust = (): TrustState => ({
    tenant: configured.id,
    key_sets: [...ports.keySets.state(configured.id)],
    status_lists: [...ports.statusLists.state(configured.id)],
  })
  return {
    tenant: {
      ...facts,
      shadow,
      shadowReport: () => shadowReportOf(configured.id, shadow),
      life,
      kept: new KeptPolicies(life),
      peps: configured.peps,
      ...pepFinders(configured.peps),
      published: { publisher, isPublic: configured.log?.public === true },
      lastSeen: new LastSeen(),
      tlsNames: configured.tls_names ?? [],
      mayRevoke: (transmitter, issuer) => mayRevoke(configured, transmitter, issuer),
      publicKeys: () => audit.publicKeys,
      keys: keys.ports,
      console: consoleOf(configured, ports.clock),
      developmentPep: developmentPep(configured, config),
      obstacles: () => [
        ...obstaclesOf(configured.id, audit, ports),
        ...keyObstacles(keys.ports),
        ...policyObstacles(life),
        ...publisher.obstacles(),
      ],
      trust,
      notices: () => [
        ...policyNotices(life, configured.peps),
        ...publisher.notices(),
        ...keyNotices(keys.ports),
        ...keys.notices(),
        ...trustNotices(trust()),
        ...(shadow?.notices() ?? []),
        ...deliveries.notices(),
      ],
    },
    deliveries: deliveries.states,
    close: async (reason) => {
      await deliveries.close()
      await expiry.close()
      await retention.close()
      await shadow?.close()
      await life.close()
      await keys.close()
      if (audit.failure() === null && keyObstacles(keys.ports).length === 0)
        await recordEvent(events, 'stop', { reason })
      await publication.close()
      await audit.close()
    },
  }
}

/** What questions are answered with, but for the policy. */
function factsOf(
  configured: TenantConfig,
  { clock, verify, keySets, agentDocuments }: TenantPorts,
  audit: AuditLog & Pick<DecidePorts, 'pseudonymKey'>,
): Omit<DecidePorts, 'policy' | 'isStale' | 'lacksWitnesses'> {
  return {
    tenant: {
      id: configured.id,
      audience: configured.audience,
      initiatorIssuers: configured.issuers
        .filter((issuer) => issuer.kinds.includes('initiator'))
        .map((issuer) => issuer.issuer),
      agentDocument: (clientId) => agentDocuments.find(configured.id, clientId),
      platformDemands: demandsOf(configured),
    },
    ...{ clock, verify, keySets, audit, pseudonymKey: audit.pseudonymKey },
  }
}

function policyOf(life: PolicyLife): Pick<DecidePorts, 'policy' | 'isStale'> {
  return { policy: () => life.engine(), isStale: (now) => life.isStale(now) }
}

/** Schema-less, as C2SP tlog-checkpoint wants it; in development it must not change with the port. */
export function originOf(config: Pick<Config, 'mode' | 'publicUrl'>, tenant: string): string {
  const host =
    config.mode === 'development' ? 'localhost' : config.publicUrl.replace('https://', '')
  return `${host}/${tenant}`
}

function pepFinders(peps: readonly PepRegistration[]): Pick<Tenant, 'findPep' | 'findPepWorkload'> {
  const byName = new Map(peps.map((pep) => [JSON.stringify([pep.issuer, pep.client_id]), pep]))
  const byWorkload = new Map(
    peps.flatMap((pep) => {
      const { proof = usualProof } = pep
      if ('wit' in proof) return [[proof.wit.id, pep] as const]
      return 'mtls' in proof ? [[proof.mtls.id, pep] as const] : []
    }),
  )
  return {
    findPep: (issuer, clientId) => byName.get(JSON.stringify([issuer, clientId])) ?? null,
    findPepWorkload: (id) => byWorkload.get(id) ?? null,
  }
}

function demandsOf({ issuers }: TenantConfig): Tenant['tenant']['platformDemands'] {
  const platforms = issuers.filter((issuer) => issuer.kinds.includes('platform'))
  const demands = new Map(platforms.map(({ issuer, claims = {} }) => [issuer, claims]))
  return (issuer) => demands.get(issuer) ?? null
}

/** A person votes by the console's own client, which is no agent's: in development it has none at a provider. */
function consoleOf({ console, audience }: TenantConfig, clock: Clock): Tenant['console'] {
  if (console === undefined) return null
  const { sign_in: signIn, roles = [], passkeys = 'offered' } = console
  return {
    signIn: signIn === undefined ? null : createSignIn(signIn, clock),
    clientId: signIn?.client_id ?? `${audience}/console`,
    ...{ roles, passkeys },
  }
}

function mayRevoke({ issuers }: TenantConfig, transmitter: string, issuer: string): boolean {
  return issuers.some(
    (one) =>
      one.issuer === transmitter &&
      one.kinds.includes('events') &&
      (issuer === transmitter || one.speaks_for?.includes(issuer) === true),
  )
}

function developmentPep(configured: TenantConfig, config: Config): Tenant['developmentPep'] {
  const { development } = config
  const registration = configured.peps.find((pep) => pep.client_id === development?.clientId)
  return development === null || registration === undefined
    ? null
    : { apiKey: development.apiKey, registration }
}

/** Time as this tenant's questions see it: never below the last leaf's, so that nothing that has expired comes back. */
function neverBack(clock: Clock, audit: AuditLog): Clock {
  return { now: () => Math.max(clock.now(), audit.time() * 1000), uuid: () => clock.uuid() }
}

/** Where the keys of the log lie, and what opens them. @throws PdpError `config_invalid`. */
async function signingOf({
  algorithm,
  passphrase_file: file,
  signer,
}: Signing): Promise<Pick<AuditLogOptions, 'algorithm' | 'passphrase' | 'signer'>> {
  const passphrase = file === undefined ? null : await readPassphrase(file)
  if (signer === undefined) return { algorithm, passphrase }
  const at = { path: signer.socket, milliseconds: limits.signerMilliseconds }
  return { algorithm, passphrase, signer: await RemoteSigner.connect(at) }
}

function obstaclesOf(tenant: string, audit: AuditLog, { clock, keySets }: TenantPorts): string[] {
  const failure = audit.failure()
  const behind = audit.time() - Math.floor(clock.now() / 1000)
  return [
    ...(failure === null ? [] : [`the log takes no entries: ${failure}`]),
    ...(behind <= limits.clockSkewSeconds
      ? []
      : [`the clock is ${String(behind)} s behind the log: set it, or proofs count as expired`]),
    ...keySets.unavailable(tenant).map((issuer) => `the keys of ${issuer} are not to be had`),
  ]
}
