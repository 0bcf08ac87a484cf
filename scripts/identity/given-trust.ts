// Whom a token is checked for: a tenant of a configuration file, or of a development service, with the very key sets
// that the service would open. Files may stand in for keys that cannot be fetched.

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createKeySets } from '../../service/adapter/key-sets/key-sets.ts'
import {
  isWhole,
  type DevelopmentKeys,
} from '../../service/adapter/development/development-keys.ts'
import { loadConfig, type Config } from '../../service/config.ts'
import type { TenantConfig } from '../../service/contract/config.ts'
import { developmentConfig } from '../../service/development-config.ts'
import type { KeySets } from '../../service/port/key-sets.ts'
import { type Call, usage } from '../command/command.ts'
import { readJson } from '../command/read-file.ts'

export type Trust = { readonly tenant: TenantConfig; readonly keySets: KeySets }

/** @param now milliseconds. @throws PdpError `usage`, `config_invalid`. */
export async function openTrust(call: Call, now: number): Promise<Trust> {
  const tenant = withFiles(tenantOf(configOf(call), call.values['tenant']), call.values['keys'])
  const offline = call.values['offline'] === true
  const keySets = await createKeySets([tenant], {
    clock: { now: () => now, uuid: () => crypto.randomUUID() },
    ...(offline
      ? { fetch: () => Promise.reject(new Error('nothing is fetched with --offline')) }
      : {}),
  })
  return { tenant, keySets }
}

function configOf({ values }: Call): Config {
  const { config, data } = values
  if (typeof config === 'string' && data === undefined) return loadConfig(config)
  if (config !== undefined) throw usage('Give --config or --data, not both.')
  const folder = typeof data === 'string' ? data : '.countersign'
  const keys = developmentKeysIn(folder)
  return developmentConfig(keys, { data: folder, port: 0, bundles: undefined })
}

/** As they lie there: to explain makes no keys. */
function developmentKeysIn(folder: string): DevelopmentKeys {
  const path = join(folder, 'development', 'keys.json')
  if (!existsSync(path)) {
    throw usage(
      `Name whom it is checked for: --config <file>, or --data <directory> of a development service (${path} is not there).`,
    )
  }
  const keys = readJson(path, 'the data directory of a development service')
  if (isWhole(keys ?? {})) return keys as DevelopmentKeys
  throw usage(`${path} holds no credentials of a development service: name its data directory.`)
}

function tenantOf({ tenants }: Config, id: unknown): TenantConfig {
  const [first, second] = tenants
  if (id === undefined && first !== undefined && second === undefined) return first
  const named = tenants.find((tenant) => tenant.id === id)
  if (named !== undefined) return named
  throw usage(`Name a tenant with --tenant: ${tenants.map((tenant) => tenant.id).join(', ')}.`)
}

/** `<issuer or trust domain>=<file>`: its keys are read from there instead. */
function withFiles(tenant: TenantConfig, given: unknown): TenantConfig {
  const files = new Map(((given ?? []) as readonly string[]).map(pairOf))
  const known = [
    ...tenant.issuers.map(({ issuer }) => issuer),
    ...tenant.trust_domains.map(({ name }) => name),
  ]
  for (const name of files.keys())
    if (!known.includes(name))
      throw usage(`--keys ${name}: the tenant trusts no such issuer or trust domain.`)
  const from = <T>(name: string, source: T): T | { readonly file: string } => {
    const file = files.get(name)
    return file === undefined ? source : { file }
  }
  return {
    ...tenant,
    issuers: tenant.issuers.map((issuer) => ({
      ...issuer,
      keys: from(issuer.issuer, issuer.keys),
    })),
    trust_domains: tenant.trust_domains.map((domain) => ({
      ...domain,
      bundle: from(domain.name, domain.bundle),
    })),
  }
}

function pairOf(pair: string): readonly [string, string] {
  const at = pair.lastIndexOf('=')
  if (at > 0 && at < pair.length - 1) return [pair.slice(0, at), resolve(pair.slice(at + 1))]
  throw usage(`--keys ${pair}: write <issuer>=<file>.`)
}
