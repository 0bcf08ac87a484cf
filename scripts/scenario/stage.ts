// The real service that scenarios run on: two tenants, three gateways, and the policy that is given, asked over HTTP alone.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  loadDevelopmentKeys,
  type DevelopmentKeys,
} from '../../service/adapter/development/development-keys.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { mintPepToken } from '../../service/adapter/development/mint.ts'
import type { TenantConfig } from '../../service/contract/config.ts'
import type { Leaf } from '../../service/contract/leaf.ts'
import { scopes } from '../../service/contract/scope.ts'
import { developmentConfig } from '../../service/development-config.ts'
import { startService, type RunningService } from '../../service/serve.ts'
import { createServiceLog } from '../../service/telemetry/service-log.ts'
import { writeBundles } from '../bundles/registry-directory.ts'
import type { ScenarioRegistry } from './scenario-registry.ts'

export type Reply = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

/** Who asks: which gateway, of which tenant. */
export type Desk = { readonly gateway: string; readonly tenant: string }

/** The usual one, another of the same project, and one of another project. */
const gateways = ['first', 'second', 'elsewhere'] as const
const tenants = [development.tenant, 'other'] as const

export const audienceOf = (tenant: string): string =>
  development.audience.replace(/[^/]+$/u, tenant)

export type StageOptions = {
  readonly registry: ScenarioRegistry
  /** A bundle with a policy; null for that of the repository. */
  readonly policy: string | null
  /** The other tenant is there, too. */
  readonly several: boolean
}

export class Stage {
  readonly registry: ScenarioRegistry
  readonly keys: DevelopmentKeys
  readonly #directory: string
  readonly #tenants: readonly string[]
  #running: RunningService | null = null
  readonly #tokens = new Map<string, Promise<string>>()

  private constructor(
    directory: string,
    keys: DevelopmentKeys,
    { registry, several }: StageOptions,
  ) {
    this.#tenants = several ? tenants : [development.tenant]
    this.#directory = directory
    this.keys = keys
    this.registry = registry
  }

  static async open(options: StageOptions): Promise<Stage> {
    const directory = mkdtempSync(join(tmpdir(), 'countersign-scenario-'))
    try {
      writeBundles(join(directory, 'bundles'), options.registry.registry, options.policy)
      const keys = await loadDevelopmentKeys(directory)
      const stage = new Stage(directory, keys, options)
      await stage.#start()
      return stage
    } catch (error) {
      rmSync(directory, { recursive: true, force: true })
      throw error
    }
  }

  async restart(): Promise<void> {
    await this.#running?.stop('scenario')
    await this.#start()
  }

  async close(): Promise<void> {
    await this.#running?.stop('scenario')
    rmSync(this.#directory, { recursive: true, force: true })
  }

  post(desk: Desk, path: string, body: unknown): Promise<Reply> {
    return this.#call(desk, path, { method: 'POST', body: JSON.stringify(body) })
  }

  get(desk: Desk, path: string): Promise<Reply> {
    return this.#call(desk, path, {})
  }

  /** Entries of the log from that one on. */
  async entries(tenant: string, from: number): Promise<readonly Leaf[]> {
    const after = from === 0 ? '' : `?after=${String(from - 1)}`
    const desk = { gateway: 'first', tenant }
    const reply = await fetch(`${this.#url}/log/tail${after}`, {
      headers: await this.#headers(desk),
    })
    const lines = (await reply.text()).split('\n').filter((line) => line !== '')
    return lines.map((line) => (JSON.parse(line) as { readonly leaf: Leaf }).leaf)
  }

  /** The same token again, as whoever holds one sends it: another grant would be another action. */
  once(key: string, mint: () => Promise<string>): Promise<string> {
    const token = this.#tokens.get(key) ?? mint()
    this.#tokens.set(key, token)
    return token
  }

  get #url(): string {
    return this.#running?.url ?? ''
  }

  async #start(): Promise<void> {
    const bundles = join(this.#directory, 'bundles')
    const config = developmentConfig(this.keys, { data: this.#directory, port: 0, bundles })
    const [dev] = config.tenants
    if (dev === undefined) throw new Error('development has a tenant')
    const all = this.#tenants.map((id) => withGateways({ ...dev, id, audience: audienceOf(id) }))
    this.#running = await startService(
      { ...config, tenants: all },
      createServiceLog({ silent: true }),
    )
  }

  async #call(desk: Desk, path: string, init: RequestInit): Promise<Reply> {
    const headers = await this.#headers(desk)
    const reply = await fetch(`${this.#url}${path}`, { ...init, headers })
    return { status: reply.status, body: (await reply.json()) as Reply['body'] }
  }

  async #headers({ gateway, tenant }: Desk): Promise<Record<string, string>> {
    const key = `${gateway}@${tenant}`
    const id = clientOf(gateway)
    const claims = { sub: id, client_id: id, aud: audienceOf(tenant) }
    const token = await this.once(key, () => mintPepToken(this.keys, scopes.join(' '), claims))
    return { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  }
}

function clientOf(gateway: string): string {
  return gateway === 'first' ? development.pep : `${gateway}-gateway`
}

function withGateways(tenant: TenantConfig): TenantConfig {
  const [usual] = tenant.peps
  if (usual === undefined) throw new Error('development has a gateway')
  const peps = gateways.map((name) => ({
    ...usual,
    client_id: clientOf(name),
    project: name === 'elsewhere' ? 'elsewhere' : usual.project,
  }))
  return { ...tenant, peps }
}
