/**
 * Two tenants of one real service, for attacks: the same issuers, trust domains, key names, gateways and servers in
 * both, and keys of their own. Its clock stands still until it is moved.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'winston'
import { loadDevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import { developmentConfig } from '../../service/development-config.ts'
import type { Config } from '../../service/config.ts'
import type { TenantConfig, TlsListen } from '../../service/contract/config.ts'
import { startService } from '../../service/serve.ts'
import { queriesByEffect, silent } from './development-service.ts'
import { createParty, type Party } from './party.ts'

export type Stage = {
  readonly a: Party
  readonly b: Party
  readonly url: () => string
  /** Of the TLS listener; empty without one. */
  readonly tlsUrl: () => string
  readonly data: string
  /** What the service was started with. */
  readonly config: Config
  /** Seconds since the epoch, as the service has it. */
  readonly now: () => number
  readonly advance: (seconds: number) => void
  /** Stops the service and starts it again on the same data. */
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
}

export type StageOptions = {
  /** What a tenant's configuration says beside. */
  readonly configure?: (tenant: TenantConfig, keys: Party['keys']) => TenantConfig
  readonly log?: Logger
  /** The files of a TLS listener. */
  readonly tls?: Pick<TlsListen, 'certificate_file' | 'key_file'>
  /** Directory of the bundles; by default those of the repository. */
  readonly bundles?: string
}

const released = join(import.meta.dirname, '../../bundles')

export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const data = mkdtempSync(join(tmpdir(), 'countersign-stage-'))
  let milliseconds = Date.now()
  const now = (): number => Math.floor(milliseconds / 1000)
  const clock = { now: () => milliseconds, uuid: () => randomUUID() }
  const examples = await queriesByEffect(await loadDevelopmentKeys(data))
  let url = ''
  const world = { now, url: () => url, examples, bundles: options.bundles ?? released }
  const [a, b] = [await createParty('a', world), await createParty('b', world)]
  const { configure = (tenant) => tenant } = options
  const base = developmentConfig(await loadDevelopmentKeys(data), {
    ...{ data, port: 0, bundles: undefined },
  })
  const tenants = [configure(a.config, a.keys), configure(b.config, b.keys)]
  // No attack here is on the engine, and a busy machine would have it time out.
  const policy = { ...base.policy, evaluationMilliseconds: 5000 }
  const tls = options.tls === undefined ? null : { host: '127.0.0.1', port: 0, ...options.tls }
  const config: Config = { ...base, policy, tls, development: null, tenants }
  const start = () => startService(config, options.log ?? silent, clock)
  let running = await start()
  url = running.url
  return {
    ...{ a, b, url: () => url, tlsUrl: () => running.tlsUrl ?? '', data, config, now },
    advance: (seconds) => {
      milliseconds += seconds * 1000
    },
    restart: async () => {
      await running.stop('test')
      running = await start()
      url = running.url
    },
    stop: async () => {
      await running.stop('test')
      rmSync(data, { recursive: true, force: true })
    },
  }
}
