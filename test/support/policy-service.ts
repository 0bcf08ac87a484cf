/** A running service of one tenant whose bundles a test releases, and who asks it. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { loadDevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import type { BundleKey } from '../../service/contract/config.ts'
import type { PolicyState } from '../../service/contract/policy-state.ts'
import type { Query } from '../../service/contract/query.ts'
import { developmentConfig } from '../../service/development-config.ts'
import { startService, type RunningService } from '../../service/serve.ts'
import { queriesByEffect, silent } from './development-service.ts'

export type Started = RunningService & {
  readonly data: string
  readonly permitted: Query
  readonly get: (path: string) => Promise<Record<string, unknown>>
  readonly post: (
    path: string,
    body: unknown,
  ) => Promise<{ status: number; body: Record<string, unknown> }>
  readonly state: () => Promise<PolicyState>
  readonly effect: () => Promise<unknown>
}

export type StartOptions = {
  readonly data?: string
  /** Seconds. */
  readonly staleness?: number
  /** Who may sign bundles; the development key when absent. */
  readonly keys?: readonly BundleKey[]
}

const running: RunningService[] = []

/** For `afterEach`. */
export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((service) => service.stop('test')))
}

export async function stopOne(service: RunningService): Promise<void> {
  running.splice(running.indexOf(service), 1)
  await service.stop('test')
}

export async function startWith(directory: string, options: StartOptions = {}): Promise<Started> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'countersign-life-'))
  const keys = await loadDevelopmentKeys(data)
  const config = developmentConfig(keys, { data, port: 0, bundles: directory })
  const [tenant] = config.tenants
  if (tenant === undefined) throw new Error('no tenant')
  const bundles = {
    ...tenant.bundles,
    keys: [...(options.keys ?? tenant.bundles.keys)],
    staleness_seconds: options.staleness ?? 3600,
  }
  const service = await startService({ ...config, tenants: [{ ...tenant, bundles }] }, silent)
  const { permit: permitted } = await queriesByEffect(keys)
  const call = async (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${service.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${keys.apiKey}`, 'content-type': 'application/json' },
    })
  const get = async (path: string): Promise<Record<string, unknown>> =>
    (await (await call(path)).json()) as Record<string, unknown>
  const post: Started['post'] = async (path, body) => {
    const reply = await call(path, { method: 'POST', body: JSON.stringify(body) })
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> }
  }
  const started = {
    ...{ ...service, data, permitted, get, post },
    state: async () => (await get('/v1/policy')) as PolicyState,
    effect: async () => (await post('/v1/decisions', permitted)).body['effect'],
  }
  running.push(started)
  return started
}

/** What a source brings is there some time later. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 2000; i += 1) {
    if (await holds()) return
    await pause(50)
  }
  throw new Error('it did not come to hold within 100 s')
}
