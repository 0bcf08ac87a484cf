/**
 * Configuration: one file -> a frozen Config, or every fault of it at once.
 *
 * Production has no default secret, no API key and no development issuer; what is missing is a fault
 * that says what to write.
 */
import { accessSync, constants, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

import {
  ConfigFile,
  type BundleConfig,
  type BundleSource,
  type Signing,
  type SpiffeBundleSource,
  type TenantConfig,
  type TlsListen,
} from './contract/config.ts'
import { faultsOfAgentOrigins, faultsOfStatuses, statusSources } from './contract/config-origins.ts'
import { faultsOfDeliveries } from './contract/delivery-faults.ts'
import { faultsOfConsoles } from './contract/console-faults.ts'
import { PdpError, type Fault } from './contract/error-code.ts'
import { limits } from './contract/limits.ts'
import { faultsOfTls } from './identity/tls-names.ts'
import { faultsOfPeps } from './identity/pep-faults.ts'
import { isSharedIssuer } from './identity/platform-token.ts'
import { parseStrictJson } from './contract/strict-json.ts'
import { compileChecker } from './contract/validate.ts'

export type PolicyLimits = {
  readonly workers: number
  readonly evaluationMilliseconds: number
  readonly pages: number
}

export type DevelopmentPerson = {
  /** Audience of the tenant. */
  readonly tenant: string
  readonly iss: string
  readonly sub: string
  readonly name: string
  readonly groups: readonly string[]
}

/** Development mode only: the key that a curl command can carry, and the PEP that it stands for. */
export type DevelopmentAccess = {
  readonly apiKey: string
  readonly clientId: string
  /** Who signs in to the console by the link that is printed. */
  readonly person?: DevelopmentPerson
}

export type Config = {
  readonly mode: 'production' | 'development'
  readonly publicUrl: string
  readonly listen: { readonly host: string; readonly port: number }
  /** The listener for peers that show a certificate. */
  readonly tls: TlsListen | null
  readonly dataDirectory: string
  readonly policy: PolicyLimits
  readonly tenants: readonly TenantConfig[]
  readonly development: DevelopmentAccess | null
}

const checkFile = compileChecker(ConfigFile, { allErrors: true })

/** @throws PdpError `config_invalid` with one fault for each thing that is wrong. */
export function loadConfig(path: string): Config {
  const base = dirname(resolve(path))
  const checked = checkFile(parseFile(path))
  if (!checked.ok) throw invalid(path, checked.faults)
  const file = withAbsolutePaths(checked.value, base)
  const faults = [
    ...duplicates(file),
    ...missingFiles(file),
    ...addresses(file),
    ...file.tenants.flatMap((tenant, t) => faultsOfPeps(tenant, `/tenants/${String(t)}`)),
    ...strangers(file),
    ...faultsOfStatuses(file),
    ...faultsOfAgentOrigins(file),
    ...faultsOfDeliveries(file),
    ...faultsOfTls(file),
    ...faultsOfConsoles(file),
  ]
  if (faults.length > 0) throw invalid(path, faults)
  return Object.freeze({
    mode: 'production',
    publicUrl: file.public_url,
    listen: file.listen,
    tls: file.tls ?? null,
    dataDirectory: file.data_directory,
    policy: policyLimits(file.policy),
    tenants: file.tenants,
    development: null,
  })
}

export function policyLimits(given: ConfigFile['policy']): PolicyLimits {
  return {
    workers: given?.workers ?? 1,
    evaluationMilliseconds: given?.evaluation_milliseconds ?? limits.evaluationMilliseconds,
    pages:
      given?.memory_megabytes === undefined ? limits.evaluationPages : given.memory_megabytes * 16,
  }
}

/** One message that names every fault, for the person who starts the service. */
export function invalid(path: string, faults: readonly Fault[]): PdpError {
  const lines = faults.map(
    (fault) => `${fault.pointer === '' ? '/' : fault.pointer}: ${fault.reason}`,
  )
  const [only = ''] = lines
  const said =
    lines.length === 1
      ? `: ${only}; correct it.`
      : ` (${String(lines.length)} faults):\n  ${lines.join('\n  ')}`
  return new PdpError('config_invalid', `${path} cannot be used${said}`, { faults })
}

function parseFile(path: string): unknown {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    throw new PdpError('config_invalid', `${path} cannot be read: name a file with --config.`, {
      cause,
    })
  }
  try {
    return parseStrictJson(bytes, { depth: limits.jsonDepth, members: limits.jsonMembers })
  } catch (error) {
    if (!(error instanceof PdpError)) throw error
    throw invalid(
      path,
      error.faults.length > 0 ? error.faults : [{ pointer: '', reason: error.message }],
    )
  }
}

/** Paths in the file are relative to the file, wherever the service is started. */
function withAbsolutePaths(file: ConfigFile, base: string): ConfigFile {
  const absolute = (path: string): string => resolve(base, path)
  const source = <T extends object>(keys: T): T =>
    Object.fromEntries(
      Object.entries(keys).map(([name, value]) =>
        keyFiles.includes(name) ? [name, absolute(String(value))] : [name, value],
      ),
    ) as T
  return {
    ...file,
    data_directory: absolute(file.data_directory),
    ...(file.tls === undefined ? {} : { tls: withAbsoluteFiles(file.tls, absolute) }),
    tenants: file.tenants.map((tenant) => ({
      ...tenant,
      bundles: withAbsoluteSources(tenant.bundles, absolute),
      signing: withAbsolutePlaces(tenant.signing, absolute),
      issuers: tenant.issuers.map((issuer) => ({
        ...issuer,
        keys: source(issuer.keys),
        ...(issuer.status === undefined ? {} : { status: source(issuer.status) }),
      })),
      ...(tenant.log?.witness === undefined
        ? {}
        : { log: { ...tenant.log, witness: source(tenant.log.witness) } }),
      ...(tenant.deliveries === undefined ? {} : { deliveries: tenant.deliveries.map(source) }),
      ...(tenant.agent_documents === undefined
        ? {}
        : { agent_documents: source(tenant.agent_documents) }),
      ...(tenant.console?.sign_in === undefined
        ? {}
        : { console: { ...tenant.console, sign_in: source(tenant.console.sign_in) } }),
      trust_domains: tenant.trust_domains.map((domain) => ({
        ...domain,
        bundle: source(domain.bundle),
      })),
    })),
  }
}

function withAbsoluteFiles(tls: TlsListen, absolute: (path: string) => string): TlsListen {
  const { certificate_file: certificate, key_file: key } = tls
  return { ...tls, certificate_file: absolute(certificate), key_file: absolute(key) }
}

function withAbsolutePlaces(signing: Signing, absolute: (path: string) => string): Signing {
  const { passphrase_file: passphrase, signer } = signing
  return {
    ...signing,
    ...(passphrase === undefined ? {} : { passphrase_file: absolute(passphrase) }),
    ...(signer === undefined ? {} : { signer: { socket: absolute(signer.socket) } }),
  }
}

function withAbsoluteSources(
  bundles: BundleConfig,
  absolute: (path: string) => string,
): BundleConfig {
  const source = (given: BundleSource): BundleSource => {
    if ('directory' in given) return { directory: absolute(given.directory) }
    if ('url' in given && given.bearer_token_file !== undefined)
      return { ...given, bearer_token_file: absolute(given.bearer_token_file) }
    if ('oci' in given && given.password_file !== undefined)
      return { ...given, password_file: absolute(given.password_file) }
    return given
  }
  const { shadow } = bundles
  return {
    ...bundles,
    sources: bundles.sources.map(source),
    keys: bundles.keys.map((key) => ({ ...key, public_key_file: absolute(key.public_key_file) })),
    ...(shadow === undefined ? {} : { shadow: { ...shadow, sources: shadow.sources.map(source) } }),
  }
}

function duplicates(file: ConfigFile): Fault[] {
  const faults: Fault[] = []
  const once = (values: readonly string[], pointer: (i: number) => string, what: string): void => {
    values.forEach((value, i) => {
      if (values.indexOf(value) < i)
        faults.push({
          pointer: pointer(i),
          reason: `${what} "${value}" stands twice; each must differ`,
        })
    })
  }
  once(
    file.tenants.map((tenant) => tenant.id),
    (i) => `/tenants/${String(i)}/id`,
    'the tenant',
  )
  once(
    file.tenants.map((tenant) => tenant.audience),
    (i) => `/tenants/${String(i)}/audience`,
    'the audience',
  )
  file.tenants.forEach((tenant, t) => {
    const at = `/tenants/${String(t)}`
    const issuerKinds = tenant.issuers.flatMap((issuer) =>
      issuer.kinds.map((kind) => `${kind} ${issuer.issuer}`),
    )
    once(issuerKinds, () => `${at}/issuers`, 'the kind and issuer')
    once(
      tenant.trust_domains.map((domain) => domain.name),
      (i) => `${at}/trust_domains/${String(i)}/name`,
      'the trust domain',
    )
  })
  return faults
}

function missingFiles(file: ConfigFile): Fault[] {
  const faults: Fault[] = []
  const readable = (path: string, pointer: string): void => {
    try {
      accessSync(path, constants.R_OK)
    } catch {
      faults.push({ pointer, reason: `"${path}" cannot be read; create it or correct the path` })
    }
  }
  file.tenants.forEach((tenant, t) => {
    const at = `/tenants/${String(t)}`
    bundleSources(tenant).forEach(([source, pointer]) => {
      if ('directory' in source) readable(source.directory, `${at}${pointer}/directory`)
      else if ('url' in source && source.bearer_token_file !== undefined)
        readable(source.bearer_token_file, `${at}${pointer}/bearer_token_file`)
      else if ('oci' in source && source.password_file !== undefined)
        readable(source.password_file, `${at}${pointer}/password_file`)
    })
    const { passphrase_file: passphrase } = tenant.signing
    if (passphrase !== undefined) readable(passphrase, `${at}/signing/passphrase_file`)
    tenant.bundles.keys.forEach((key, i) => {
      readable(key.public_key_file, `${at}/bundles/keys/${String(i)}/public_key_file`)
    })
    const { agent_documents: agents, console, log } = tenant
    const others = [
      ...(tenant.deliveries ?? []).map((one, i) => [one, `/deliveries/${String(i)}`] as const),
      ...(agents === undefined ? [] : [[agents, '/agent_documents'] as const]),
      ...(log?.witness === undefined ? [] : [[log.witness, '/log/witness'] as const]),
      ...(console?.sign_in === undefined ? [] : [[console.sign_in, '/console/sign_in'] as const]),
    ]
    for (const [source, pointer] of [...keySources(tenant), ...statusSources(tenant), ...others])
      for (const [name, value] of Object.entries(source))
        if (keyFiles.includes(name)) readable(String(value), `${at}${pointer}/${name}`)
  })
  return faults
}

/** Members of key sets, receivers and the like that name files. */
const keyFiles = [
  ...['file', 'ca_file', 'bootstrap_file', 'policy_file', 'bearer_token_file'],
  ...['secret_file', 'url_file', 'password_file', 'client_secret_file'],
]

function keySources({
  issuers,
  trust_domains: domains,
}: TenantConfig): (readonly [SpiffeBundleSource, string])[] {
  return [
    ...issuers.map(({ keys }, i) => [keys, `/issuers/${String(i)}/keys`] as const),
    ...domains.map(({ bundle }, i) => [bundle, `/trust_domains/${String(i)}/bundle`] as const),
  ]
}

function bundleSources({ bundles }: TenantConfig): (readonly [BundleSource, string])[] {
  return [
    ...bundles.sources.map((source, i) => [source, `/bundles/sources/${String(i)}`] as const),
    ...(bundles.shadow?.sources ?? []).map(
      (source, i) => [source, `/bundles/shadow/sources/${String(i)}`] as const,
    ),
  ]
}

function addresses(file: ConfigFile): Fault[] {
  const faults: Fault[] = []
  file.tenants.forEach((tenant, t) => {
    const at = `/tenants/${String(t)}`
    if (URL.parse(tenant.audience) === null)
      faults.push({ pointer: `${at}/audience`, reason: 'write an absolute URI' })
    for (const [source, pointer] of [...bundleSources(tenant), ...keySources(tenant)]) {
      if (!('url' in source)) continue
      const url = URL.parse(source.url)
      const isFine =
        url !== null &&
        (url.protocol === 'https:' || (url.protocol === 'http:' && source.internal === true))
      if (!isFine)
        faults.push({
          pointer: `${at}${pointer}/url`,
          reason: 'write an https URL (http only with "internal": true)',
        })
    }
  })
  return faults
}

/** Issuers that vouch for the workloads of everybody, of whom nothing is demanded. */
function strangers({ tenants }: ConfigFile): Fault[] {
  return tenants.flatMap(({ issuers }, t) =>
    issuers.flatMap(({ issuer, kinds, claims }, i) =>
      kinds.includes('platform') && claims === undefined && isSharedIssuer(issuer)
        ? [
            {
              pointer: `/tenants/${String(t)}/issuers/${String(i)}/claims`,
              reason:
                'this issuer serves everybody: name the claims that every token of yours has, as {"repository_owner_id": "…"}',
            },
          ]
        : [],
    ),
  )
}
