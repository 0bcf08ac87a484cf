/**
 * A running service from its configuration: every adapter is built here, and closed here in reverse.
 *
 * It listens only when every tenant has its log and its policy; what fails before that is one clear error.
 */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import { createKeySets } from './adapter/key-sets/key-sets.ts'
import { createAgentDocuments } from './adapter/agent-documents/agent-documents.ts'
import { createStatusLists } from './adapter/status-lists/status-lists.ts'
import { systemClock } from './adapter/clock/system-clock.ts'
import type { Config } from './config.ts'
import { withGrantKeys, type GrantIssuer } from './flow/grant-keys.ts'
import { grantIssuerOf } from './purpose/grant-issuer.ts'
import { createVerifyToken } from './flow/verify-token.ts'
import { policyStateOf } from './flow/policy-state.ts'
import { keyListOf } from './flow/signing-keys.ts'
import type { Tenant } from './flow/tenant.ts'
import { Console } from './http/console/console.ts'
import { createHttpServer, listenerOf } from './http/app.ts'
import type { Service } from './http/service.ts'
import { openTls, type OpenTls } from './open-tls.ts'
import { openTenant, type OpenTenant, type TenantPorts } from './open-tenant.ts'
import { waitingIn } from './approval/waiting.ts'
import { createMetrics, type Metrics } from './telemetry/metrics.ts'
import { tellAgentDocument, tellKeySet, tellStatusList } from './telemetry/key-set-notice.ts'
import { tellCallers } from './telemetry/caller-notice.ts'
import { tellPolicy } from './telemetry/policy-notice.ts'
import { tellShadow } from './telemetry/shadow-notice.ts'
import { tellDelivery } from './telemetry/delivery-notice.ts'
import { tellWitness } from './telemetry/witness-notice.ts'
import { createServiceLog, describeError } from './telemetry/service-log.ts'

export type RunningService = {
  /** Base URL on the address that it really listens on. */
  readonly url: string
  /** The same of the TLS listener; null without one. */
  readonly tlsUrl: string | null
  /** Development mode: where a person signs in to the console, once; null otherwise. */
  readonly consoleUrl: () => string | null
  /** Stops taking requests, answers what is in flight, closes the log. */
  readonly stop: (reason: string) => Promise<void>
}

/** @throws PdpError `config_invalid`, `bundle_refused`, `log_locked`, `log_corrupt`. */
export async function startService(
  config: Config,
  log = createServiceLog(),
  clock = systemClock,
): Promise<RunningService> {
  const issuers = new Map<string, GrantIssuer>()
  const configuredKeys = await createKeySets(config.tenants, {
    clock,
    directoryOf: (tenant) => join(config.dataDirectory, 'tenants', tenant, 'trust'),
    observe: tellKeySet(log),
  })
  const keySets = withGrantKeys(configuredKeys, issuers)
  const statusLists = createStatusLists(config.tenants, {
    ...{ keySets, clock, observe: tellStatusList(log) },
  })
  const agentDocuments = createAgentDocuments(config.tenants, {
    ...{ keySets, clock, observe: tellAgentDocument(log) },
  })
  const verify = createVerifyToken(keySets, statusLists)
  const opened: OpenTenant[] = []
  let tls: OpenTls | null = null
  const metrics = createMetrics({
    logs: () =>
      opened.map(({ tenant: { tenant, published } }) => published.publisher.state(tenant.id)),
    deliveries: () =>
      opened.map(({ tenant, deliveries }) => ({
        tenant: tenant.tenant.id,
        deliveries: deliveries(),
      })),
    approvals: () =>
      opened.flatMap(({ tenant: { tenant, audit } }) =>
        waitingIn(audit.approvals, Math.floor(clock.now() / 1000)).map((waiting) => ({
          ...{ tenant: tenant.id, ...waiting },
        })),
      ),
    keys: () => opened.map(({ tenant }) => keyListOf(tenant.keys)),
    shadows: () => opened.map(({ tenant }) => tenant.shadowReport()),
    trust: () => opened.map(({ tenant }) => tenant.trust()),
    policies: () => opened.map(({ tenant: { tenant, life } }) => policyStateOf(tenant.id, life)),
    tlsExpiry: () => tls?.expiresAt() ?? null,
  })
  const close = async (reason: string): Promise<void> => {
    tls?.close()
    await Promise.all(opened.map((tenant) => tenant.close(reason)))
    await keySets.close()
  }
  try {
    for (const tenant of config.tenants) {
      const tell = tellPolicy(log, tenant.id)
      const observePolicy: TenantPorts['observePolicy'] = (notice) => {
        tell(notice)
        metrics.policyChanged(tenant.id, notice.event)
      }
      const observeShadow = tellShadow(log, tenant.id)
      const publishFailed = (error: unknown): void => {
        log.error('the log is not published', { tenant: tenant.id, ...describeError(error) })
      }
      const expiryFailed = (error: unknown): void => {
        log.error('the end of an approval is not logged', {
          ...{ tenant: tenant.id, ...describeError(error) },
        })
      }
      const retentionFailed = (error: unknown): void => {
        log.error('what has been kept long enough is not ended', {
          ...{ tenant: tenant.id, ...describeError(error) },
        })
      }
      const logTold = (notice: string): void => {
        log.warn('the log was read anew', { tenant: tenant.id, notice })
      }
      const keysFailed = (error: unknown): void => {
        log.error('the signing keys cannot be tended', {
          tenant: tenant.id,
          ...describeError(error),
        })
      }
      const observe = {
        ...{ observePolicy, observeShadow, observeWitness: tellWitness(log, tenant.id) },
        ...{ publishFailed, expiryFailed, retentionFailed, logTold, keysFailed },
        observeDelivery: tellDelivery(log, tenant.id),
      }
      const ports = { clock, verify, keySets, agentDocuments, statusLists, ...observe }
      const one = await openTenant(tenant, config, ports)
      opened.push(one)
      const { audit } = one.tenant
      issuers.set(tenant.id, { issuer: grantIssuerOf(audit.origin), keys: audit.keys })
    }
    const tenants = new Map(opened.map(({ tenant }) => [tenant.tenant.audience, tenant]))
    const state = { accepting: true }
    const notices = (): readonly string[] => tls?.notices() ?? []
    const address: { port: number } = { port: config.listen.port }
    const console = new Console(
      () => consoleOrigin(config, address.port),
      clock,
      config.development?.person ?? null,
    )
    const listener = listenerOf(
      serviceOf(config, tenants, { state, log, metrics, notices, console }),
    )
    const ports = { clock, log, failed: metrics.handshakeFailed }
    tls = config.tls === null ? null : await openTls(config.tls, listener, ports)
    const server = createHttpServer(listener)
    await listen(server, config.listen)
    const { port } = server.address() as AddressInfo
    address.port = port
    const url = `http://${config.listen.host}:${String(port)}`
    const tlsUrl = tls?.url ?? null
    const tenantIds = config.tenants.map(({ id }) => id)
    log.info('listening', { url, tls_url: tlsUrl, mode: config.mode, tenants: tenantIds })
    const servers = tls === null ? [server] : [server, tls.server]
    return {
      url,
      tlsUrl,
      consoleUrl: () => console.developmentUrl(),
      stop: async (reason) => {
        state.accepting = false
        log.info('stopping', { reason })
        await Promise.all(servers.map(drain))
        await close(reason)
        log.info('stopped')
      },
    }
  } catch (error) {
    await close('failed to start')
    throw error
  }
}

function serviceOf(
  config: Config,
  tenants: ReadonlyMap<string, Tenant>,
  {
    state,
    log,
    metrics,
    notices,
    console,
  }: {
    readonly state: { readonly accepting: boolean }
    readonly log: ReturnType<typeof createServiceLog>
    readonly metrics: Metrics
    readonly notices: () => readonly string[]
    readonly console: Console
  },
): Service {
  return {
    publicUrl: config.publicUrl,
    tenants,
    console,
    openapi: JSON.parse(
      readFileSync(join(import.meta.dirname, 'http/openapi.json'), 'utf8'),
    ) as unknown,
    metrics: metrics.read,
    observe: {
      decided: metrics.decided,
      observed: metrics.observed,
      refused: metrics.refused,
      callerRefused: tellCallers(log, metrics.callerRefused),
      failed: (message, error) => log.error(message, describeError(error)),
    },
    notices,
    accepting: () => state.accepting,
  }
}

/** Browsers make passkeys for a host name, and none for an address. */
function consoleOrigin({ mode, publicUrl }: Config, port: number): string {
  return mode === 'development' ? `http://localhost:${String(port)}` : publicUrl
}

async function listen(server: Server, { host, port }: Config['listen']): Promise<void> {
  server.listen(port, host)
  await once(server, 'listening')
}

/** How long a request that is under way may still take once a stop has begun, in milliseconds. */
const drainMilliseconds = 10_000

/** Waits for what is in flight; idle connections are closed at once, slow ones at the deadline. */
async function drain(
  server: ReturnType<typeof createHttpServer> | OpenTls['server'],
): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const deadline = setTimeout(() => {
    server.closeAllConnections()
  }, drainMilliseconds)
  await closed
  clearTimeout(deadline)
}
