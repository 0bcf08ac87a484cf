/** One tenant, opened: its log, its policy, its PEPs; closed in order. */
import { join } from 'node:path'
import { openAuditLog } from './adapter/audit-log/open-audit-log.ts'
import { readBundleKeys } from './adapter/bundle-directory/bundle-keys.ts'
import { readBundleDirectory } from './adapter/bundle-directory/read-bundle-directory.ts'
import { startPolicyEngine } from './adapter/policy-engine/start-policy-engine.ts'
import type { Config } from './config.ts'
import type { PepRegistration, TenantConfig } from './contract/config.ts'
import { limits } from './contract/limits.ts'
import type { Tenant } from './flow/tenant.ts'
import { recordEvent } from './flow/record-event.ts'
import type { VerifyToken } from './flow/verify-token.ts'
import type { AuditLog } from './port/audit-log.ts'
import type { Clock } from './port/clock.ts'
import type { KeySets } from './port/key-sets.ts'
import type { PolicyEngine } from './port/policy-engine.ts'

export type TenantPorts = {
  readonly clock: Clock
  readonly verify: VerifyToken
  readonly keySets: KeySets
}

export type OpenTenant = {
  readonly tenant: Tenant
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
    algorithm: configured.signing.algorithm,
  })
  const clock = neverBack(ports.clock, audit)
  const events = { tenant: configured.id, audit, clock }
  await recordEvent(events, 'start', { mode: config.mode })
  let engine: PolicyEngine
  try {
    engine = await activate(configured, config)
  } catch (error) {
    await recordEvent(events, 'bundle_refusal', {
      reason: error instanceof Error ? error.message.slice(0, 2000) : 'unknown',
    })
    await audit.close()
    throw error
  }
  await recordEvent(events, 'bundle_activation', { ...engine.policy })
  return {
    tenant: {
      tenant: {
        id: configured.id,
        audience: configured.audience,
        initiatorIssuers: configured.issuers
          .filter((issuer) => issuer.kinds.includes('initiator'))
          .map((issuer) => issuer.issuer),
      },
      ...{ clock, verify: ports.verify, audit, pseudonymKey: audit.pseudonymKey },
      policy: () => engine,
      findPep: pepFinder(configured.peps),
      publicKeys: () => audit.publicKeys,
      developmentPep: developmentPep(configured, config),
      obstacles: () => obstaclesOf(configured.id, audit, ports),
    },
    close: async (reason) => {
      await engine.close()
      if (audit.failure() === null) await recordEvent(events, 'stop', { reason })
      await audit.close()
    },
  }
}

/** Schema-less, as C2SP tlog-checkpoint wants it; in development it must not change with the port. */
export function originOf(config: Pick<Config, 'mode' | 'publicUrl'>, tenant: string): string {
  const host =
    config.mode === 'development' ? 'localhost' : config.publicUrl.replace('https://', '')
  return `${host}/${tenant}`
}

async function activate(configured: TenantConfig, config: Config): Promise<PolicyEngine> {
  const { directory, keys } = configured.bundles
  const trusted = readBundleKeys(keys, config.mode)
  const activation = await readBundleDirectory(directory, trusted, config.policy.pages)
  return startPolicyEngine(activation, config.policy)
}

function pepFinder(peps: readonly PepRegistration[]): Tenant['findPep'] {
  const byName = new Map(peps.map((pep) => [JSON.stringify([pep.issuer, pep.client_id]), pep]))
  return (issuer, clientId) => byName.get(JSON.stringify([issuer, clientId])) ?? null
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
