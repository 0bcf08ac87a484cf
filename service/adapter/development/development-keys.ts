/**
 * The keys of development mode: token issuers of its own and one API key, made at the first start and
 * kept in the data directory (0600). Production never reads them.
 */
import { generateKeyPairSync, randomBytes, type webcrypto } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
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
  /** Signs JWT-SVIDs, and WIT-SVIDs: a trust domain has a key for each. */
  readonly spiffe: IssuerKey
  readonly wit: IssuerKey
  readonly purpose: IssuerKey
  readonly apiKey: string
}

export async function loadDevelopmentKeys(dataDirectory: string): Promise<DevelopmentKeys> {
  const path = join(dataDirectory, 'development', 'keys.json')
  const known = existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as Partial<DevelopmentKeys>)
    : {}
  if (isWhole(known)) return known
  const keys: DevelopmentKeys = {
    identity: await issuerKey(),
    spiffe: await issuerKey(),
    wit: await issuerKey(),
    purpose: await issuerKey(),
    apiKey: `development-${randomBytes(16).toString('hex')}`,
    ...known,
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const unfinished = `${path}.${String(process.pid)}`
  writeFileSync(unfinished, JSON.stringify(keys, null, 2), { mode: 0o600 })
  renameSync(unfinished, path)
  return keys
}

/** A file of an earlier version lacks keys that have since been added. */
export function isWhole(known: Partial<DevelopmentKeys>): known is DevelopmentKeys {
  const { identity, spiffe, wit, purpose, apiKey } = known
  return ![identity, spiffe, wit, purpose, apiKey].includes(undefined)
}

async function issuerKey(): Promise<IssuerKey> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicJwk = publicKey.export({ format: 'jwk' })
  const kid = await calculateJwkThumbprint(publicJwk)
  return { kid, privateJwk: privateKey.export({ format: 'jwk' }), publicJwk }
}
