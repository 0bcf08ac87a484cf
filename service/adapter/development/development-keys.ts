/**
 * The keys of development mode: token issuers of its own and one API key, made at the first start and
 * kept in the data directory (0600). Production never reads them.
 */
import { generateKeyPairSync, randomBytes, type webcrypto } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { calculateJwkThumbprint } from 'jose'

/** One issuer's ES256 key, with its kid. */
export type IssuerKey = {
  readonly kid: string
  readonly privateJwk: webcrypto.JsonWebKey
  readonly publicJwk: webcrypto.JsonWebKey
}

export type DevelopmentKeys = {
  readonly identity: IssuerKey
  readonly spiffe: IssuerKey
  readonly purpose: IssuerKey
  readonly apiKey: string
}

export async function loadDevelopmentKeys(dataDirectory: string): Promise<DevelopmentKeys> {
  const path = join(dataDirectory, 'development', 'keys.json')
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as DevelopmentKeys
  const keys: DevelopmentKeys = {
    identity: await issuerKey(),
    spiffe: await issuerKey(),
    purpose: await issuerKey(),
    apiKey: `development-${randomBytes(16).toString('hex')}`,
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, JSON.stringify(keys, null, 2), { mode: 0o600, flag: 'wx' })
  return keys
}

async function issuerKey(): Promise<IssuerKey> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicJwk = publicKey.export({ format: 'jwk' })
  const kid = await calculateJwkThumbprint(publicJwk)
  return { kid, privateJwk: privateKey.export({ format: 'jwk' }), publicJwk }
}
