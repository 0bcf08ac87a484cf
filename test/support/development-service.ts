/** A real service in development mode on a directory and a port of its own, and the tokens to ask it with. */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'winston'
import type { TenantConfig, TlsListen } from '../../service/contract/config.ts'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import type { PepRegistration } from '../../service/contract/pep-registration.ts'
import type { Query } from '../../service/contract/query.ts'
import {
  loadDevelopmentKeys,
  type DevelopmentKeys,
} from '../../service/adapter/development/development-keys.ts'
import { exampleQueries } from '../../service/adapter/development/example-queries.ts'
import { developmentConfig } from '../../service/development-config.ts'
import { createServiceLog } from '../../service/telemetry/service-log.ts'
import type { Clock } from '../../service/port/clock.ts'
import { startService, type RunningService } from '../../service/serve.ts'

export type DevelopmentService = {
  readonly url: string
  /** Of the TLS listener; empty without one. */
  readonly tlsUrl: string
  readonly data: string
  /** Where browsers reach its console, and where its person signs in, once. */
  readonly origin: string
  readonly consoleUrl: () => string | null
  readonly keys: DevelopmentKeys
  /** Posts JSON with the development key; the parsed answer. */
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Reply>
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Reply>
  readonly remove: (path: string) => Promise<Reply>
  /** The native answer of a query; fails the test when it is no 200. */
  readonly ask: (query: Query) => Promise<DecisionAnswer>
  /** Stops it and starts another on the same data. */
  readonly restart: () => Promise<DevelopmentService>
  readonly stop: () => Promise<void>
}

/** A service log that says nothing: what a test wants to know it asks the service. */
export const silent = createServiceLog({ silent: true })

export type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

export async function startDevelopmentService(
  options: {
    readonly bundles?: string
    readonly data?: string
    readonly keep?: number
    /** A directory whose bundles judge beside. */
    readonly shadow?: string
    readonly log?: Logger
    /** The files of a TLS listener. */
    readonly tls?: Pick<TlsListen, 'certificate_file' | 'key_file'>
    /** What is otherwise about its tenant. */
    readonly tenant?: (tenant: TenantConfig) => TenantConfig
    readonly clock?: Clock
    /** Gateways beside the one of development. */
    readonly peps?: readonly PepRegistration[]
    /** As a proxy in front would have it. */
    readonly publicUrl?: string
  } = {},
): Promise<DevelopmentService> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'countersign-test-'))
  const keys = await loadDevelopmentKeys(data)
  const config = developmentConfig(keys, { data, port: 0, bundles: options.bundles })
  const { keep, shadow, peps = [], publicUrl = config.publicUrl } = options
  const tls = options.tls === undefined ? null : { host: '127.0.0.1', port: 0, ...options.tls }
  const { tenant: changed = (tenant: TenantConfig) => tenant } = options
  const tenants = config.tenants.map(changed).map((tenant) => ({
    ...tenant,
    peps: [...tenant.peps, ...peps],
    bundles: {
      ...tenant.bundles,
      ...(keep === undefined ? {} : { keep }),
      ...(shadow === undefined
        ? {}
        : { shadow: { owner: 'policy-team', sources: [{ directory: shadow }] } }),
    },
  }))
  const log = options.log ?? silent
  const running: RunningService = await startService(
    { ...config, publicUrl, tls, tenants },
    log,
    options.clock,
  )
  const authorization = `Bearer ${keys.apiKey}`
  const call = async (path: string, init: RequestInit): Promise<Reply> => {
    const reply = await fetch(`${running.url}${path}`, init)
    const text = await reply.text()
    const isJson = /[/+]json\b/u.test(reply.headers.get('content-type') ?? '')
    return {
      status: reply.status,
      headers: reply.headers,
      body: isJson ? (JSON.parse(text) as Record<string, unknown>) : { text },
    }
  }
  const post: DevelopmentService['post'] = (path, body, headers = {}) =>
    call(path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { authorization, 'content-type': 'application/json', ...headers },
    })
  return {
    url: running.url,
    tlsUrl: running.tlsUrl ?? '',
    data,
    origin: running.url.replace('127.0.0.1', 'localhost'),
    consoleUrl: running.consoleUrl,
    keys,
    post,
    get: (path, headers = {}) => call(path, { headers: { authorization, ...headers } }),
    remove: (path) => call(path, { method: 'DELETE', headers: { authorization } }),
    ask: async (query) => {
      const { status, body } = await post('/v1/decisions', query)
      if (status !== 200) throw new Error(`${String(status)} ${JSON.stringify(body)}`)
      return body as DecisionAnswer
    },
    restart: async () => {
      await running.stop('test')
      return startDevelopmentService({ ...options, data })
    },
    stop: async () => {
      await running.stop('test')
      await rm(data, { recursive: true, force: true })
    },
  }
}

/** The three queries of the banner, by the effect they answer. */
export async function queriesByEffect(
  keys: DevelopmentKeys,
): Promise<Record<'permit' | 'deny' | 'hold', Query>> {
  const examples = await exampleQueries(keys)
  const of = (effect: string): Query => {
    const found = examples.find((example) => example.effect === effect)
    if (found === undefined) throw new Error(`no example answers ${effect}`)
    return found.query
  }
  return { permit: of('permit'), deny: of('deny'), hold: of('hold') }
}
