/**
 * The keys that may sign a tenant's bundles: PEM files, each for one algorithm of JWS (RFC 7518, RFC 8037).
 *
 * A key that is not of the kind and strength of its algorithm is refused, and production refuses the
 * development key, under whatever name it is configured.
 */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { BundleKey as BundleKeyConfig } from '../../contract/config.ts'
import { PdpError } from '../../contract/error-code.ts'
import { developmentKeyThumbprint } from '../../bundle/development-key.ts'
import type { BundleKey } from '../../bundle/signatures.ts'
import { sha256 } from '../../statement/digest.ts'
import { isSignedBy, schemes } from './signature-scheme.ts'

/** A key as it was configured and read. Unlike a `BundleKey` it can be sent to another thread. */
export type ConfiguredKey = { readonly config: BundleKeyConfig; readonly key: KeyObject }

/** @throws PdpError `config_invalid` with one fault for each key that cannot be used. */
export function readBundleKeys(
  configs: readonly BundleKeyConfig[],
  mode: 'production' | 'development',
): readonly BundleKey[] {
  return readConfiguredKeys(configs, mode).map(bundleKeyOf)
}

/** @throws as `readBundleKeys`. */
export function readConfiguredKeys(
  configs: readonly BundleKeyConfig[],
  mode: 'production' | 'development',
): readonly ConfiguredKey[] {
  const read = configs.map((config) => readKey(config, mode))
  const faults = read.flatMap((result, i) =>
    typeof result === 'string' ? [{ pointer: `/bundles/keys/${i}`, reason: result }] : [],
  )
  if (faults.length > 0) {
    const lines = faults.map((fault) => `  ${fault.pointer}: ${fault.reason}`)
    throw new PdpError('config_invalid', `Bundle keys cannot be used:\n${lines.join('\n')}`, {
      faults,
    })
  }
  return read.filter((result) => typeof result !== 'string')
}

/** The key, or why there is none. */
function readKey(config: BundleKeyConfig, mode: string): ConfiguredKey | string {
  const { algorithm } = config
  const scheme = schemes[algorithm]
  const key = parseKey(config.public_key_file)
  if (key === null) return `${config.public_key_file} holds no public key in PEM`
  if (!scheme.key(key)) return `the key is not one for ${algorithm}, or is too weak`
  if (mode === 'production' && thumbprintOf(key) === developmentKeyThumbprint) {
    return 'this is the development key, whose private half is public: sign bundles with a key of your own'
  }
  return { config, key }
}

export function bundleKeyOf({ config, key }: ConfiguredKey): BundleKey {
  const { id, algorithm } = config
  return {
    id,
    algorithm,
    scope: config.scope ?? null,
    notBefore: config.not_before ?? null,
    notAfter: config.not_after ?? null,
    verify: (signingInput, signature) =>
      isSignedBy(schemes[algorithm], key, signingInput, signature),
  }
}

function parseKey(path: string): KeyObject | null {
  try {
    const pem = readFileSync(path, 'utf8')
    // A private key would give its public half: it has no place in a verifier's configuration.
    return pem.includes('PRIVATE KEY') ? null : createPublicKey(pem)
  } catch {
    return null
  }
}

/** RFC 7638: SHA-256 over the required members of the JWK, in the order of their names. */
export function thumbprintOf(key: KeyObject): string {
  const jwk: Readonly<Record<string, unknown>> = { ...key.export({ format: 'jwk' }) }
  const names = ['crv', 'e', 'kty', 'n', 'x', 'y'].filter((name) => jwk[name] !== undefined)
  const required = JSON.stringify(Object.fromEntries(names.map((name) => [name, jwk[name]])))
  return Buffer.from(sha256(required)).toString('base64url')
}
