/**
 * The keys of one tenant, under `keys/`: made on the first start, and after that never in silence.
 *
 * A signing key may be made anew at any time (its public half stays in `keys/public/` for as long as
 * there are leaves); the two secrets may not, for then pseudonyms or disclosures would change meaning.
 */
import {
  createPrivateKey,
  createSecretKey,
  generateKeyPairSync,
  randomBytes,
  type KeyObject,
  type webcrypto,
} from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PdpError } from '../../contract/error-code.ts'
import { canonicalJson } from '../../statement/canonical-json.ts'
import { sha256 } from '../../statement/digest.ts'
import { noteSigner, type NoteSigner } from './publication/note-signer.ts'
import { makePrivateDirectory, readKeyFile, writeKeyFile } from './key-file.ts'
import type { SigningAlgorithm } from './token.ts'

export type PublicJwk = Readonly<Record<string, unknown>> & { readonly kid: string }

export type TenantKeys = {
  readonly signing: { readonly kid: string; readonly key: KeyObject }
  /** Every key that ever signed here, for `/.well-known/jwks.json`. */
  readonly publicKeys: readonly PublicJwk[]
  /** Names persons: HMAC-SHA-256 of issuer and subject. */
  readonly pseudonymKey: Uint8Array
  /** Wraps the data keys of subjects. */
  readonly disclosureKey: KeyObject
  /** Signs checkpoints, and nothing else. */
  readonly note: NoteSigner
}

export type KeyDemands = {
  readonly algorithm: SigningAlgorithm
  /** The name of the log. */
  readonly origin: string
  /** Whether the log is empty: only then may a secret be made. */
  readonly fresh: boolean
  /** Whether no checkpoint was ever signed: only then may a note key be made. */
  readonly unsigned: boolean
}

export async function loadTenantKeys(
  directory: string,
  { algorithm, origin, fresh, unsigned }: KeyDemands,
): Promise<TenantKeys> {
  const history = join(directory, 'public')
  await makePrivateDirectory(directory)
  await makePrivateDirectory(history)
  const signing = await signingKey(directory, history, algorithm)
  const names = (await readdir(history)).filter((name) => name.endsWith('.jwk')).sort()
  const publicKeys = await Promise.all(names.map((name) => readKeyFile(join(history, name))))
  return {
    signing,
    publicKeys: publicKeys as unknown as PublicJwk[],
    pseudonymKey: await secret(join(directory, 'pseudonym.jwk'), fresh),
    disclosureKey: createSecretKey(await secret(join(directory, 'disclosure.jwk'), fresh)),
    note: await noteKeyOf(join(directory, 'note-ed25519.jwk'), origin, unsigned),
  }
}

async function signingKey(
  directory: string,
  history: string,
  algorithm: SigningAlgorithm,
): Promise<TenantKeys['signing']> {
  const path = join(directory, `signing-${algorithm.toLowerCase()}.jwk`)
  const stored = await readKeyFile(path)
  const jwk = stored ?? generateSigningKey(algorithm)
  const published = publicHalf(jwk, algorithm, path)
  // The public half first: if we crash between the two, a key that never signed is published, which
  // harms nobody; the other way round, leaves would be signed by a key that nobody can find.
  if ((await readKeyFile(join(history, `${published.kid}.jwk`))) === null) {
    await writeKeyFile(join(history, `${published.kid}.jwk`), published as webcrypto.JsonWebKey)
  }
  if (stored === null) await writeKeyFile(path, jwk)
  return { kid: published.kid, key: createPrivateKey({ key: jwk, format: 'jwk' }) }
}

async function noteKeyOf(path: string, origin: string, unsigned: boolean): Promise<NoteSigner> {
  const stored = await readKeyFile(path)
  if (stored !== null) return noteSigner(stored, origin, path)
  if (!unsigned) {
    throw new PdpError(
      'config_invalid',
      `${path} is missing, and it has signed checkpoints that others may hold. Restore it from a copy: with another key ` +
        'this would be another log.',
    )
  }
  const made = generateSigningKey('Ed25519')
  await writeKeyFile(path, made)
  return noteSigner(made, origin, path)
}

function generateSigningKey(algorithm: SigningAlgorithm): webcrypto.JsonWebKey {
  const { privateKey } =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('ed25519')
  return privateKey.export({ format: 'jwk' })
}

function publicHalf(
  jwk: webcrypto.JsonWebKey,
  algorithm: SigningAlgorithm,
  path: string,
): PublicJwk {
  const { kty, crv, x, y } = jwk
  const curve = algorithm === 'ES256' ? 'P-256' : 'Ed25519'
  if (crv !== curve || x === undefined || jwk.d === undefined) {
    throw new PdpError('config_invalid', `${path} is not a private key for ${algorithm}.`)
  }
  const required = kty === 'EC' ? { crv, kty, x, y } : { crv, kty, x }
  return { ...required, kid: thumbprint(required), alg: algorithm, use: 'sig' }
}

/** RFC 7638: SHA-256 of the required members, sorted, without white space. */
function thumbprint(required: object): string {
  return Buffer.from(sha256(canonicalJson(required))).toString('base64url')
}

async function secret(path: string, fresh: boolean): Promise<Uint8Array> {
  const stored = await readKeyFile(path)
  if (stored === null) {
    if (!fresh) {
      throw new PdpError(
        'config_invalid',
        `${path} is missing, and the log has entries that need it. Restore it from a copy.`,
      )
    }
    const made = randomBytes(32)
    await writeKeyFile(path, { kty: 'oct', k: made.toString('base64url') })
    return made
  }
  const key = Buffer.from(stored.k ?? '', 'base64url')
  if (stored.kty !== 'oct' || key.length !== 32) {
    throw new PdpError('config_invalid', `${path} is not a secret of 32 bytes.`)
  }
  return key
}
