/** The configuration of development mode: loopback only, one tenant, keys of its own. */
import { join } from 'node:path'
import type { DevelopmentKeys } from './adapter/development/development-keys.ts'
import {
  development,
  developmentPerson,
  developmentTenant,
} from './adapter/development/development-tenant.ts'
import { policyLimits, type Config } from './config.ts'

export type DevelopmentOptions = {
  readonly data: string
  readonly port: number
  readonly bundles: string | undefined
}

export function developmentConfig(keys: DevelopmentKeys, options: DevelopmentOptions): Config {
  const bundles = options.bundles ?? join(import.meta.dirname, '../bundles')
  return Object.freeze({
    mode: 'development',
    publicUrl: `http://127.0.0.1:${String(options.port)}`,
    // Not to be changed: an API key and public signing keys must never be reachable from elsewhere.
    listen: { host: '127.0.0.1', port: options.port },
    tls: null,
    dataDirectory: options.data,
    policy: policyLimits(undefined),
    tenants: [developmentTenant(keys, bundles)],
    development: { apiKey: keys.apiKey, clientId: development.pep, person: developmentPerson },
  })
}
