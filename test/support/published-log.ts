/**
 * Logs published from leaves, as whoever holds this or that key could publish them: the honest one, and every forgery.
 */
import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  type webcrypto,
} from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { checkpointText } from '../../service/audit/checkpoint.ts'
import { GrowingTiles } from '../../service/audit/growing-tiles.ts'
import { noteAlgorithm, noteKey, printVerifierKey } from '../../service/audit/note-key.ts'
import { printNote } from '../../service/audit/signed-note.ts'
import { leafOf, tokensIn } from './segment.ts'

export type NoteSigner = { readonly publicKey: Uint8Array; readonly privateKey: KeyObject }

export function newNoteSigner(): NoteSigner {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x = '' } = publicKey.export({ format: 'jwk' })
  return { publicKey: Buffer.from(x, 'base64url'), privateKey }
}

/** The note key of a tenant, as only whoever has stolen it has it. */
export function noteSignerOf(tenant: string): NoteSigner {
  const jwk = JSON.parse(
    readFileSync(join(tenant, 'keys/note-ed25519.jwk'), 'utf8'),
  ) as webcrypto.JsonWebKey
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
  return { publicKey: Buffer.from(jwk.x ?? '', 'base64url'), privateKey }
}

export function vkeyOf(origin: string, { publicKey }: NoteSigner): string {
  return `${printVerifierKey(noteKey(origin, noteAlgorithm.ed25519, publicKey))}\n`
}

export type Publication = {
  readonly tokens: readonly string[]
  readonly origin: string
  readonly signer: NoteSigner
  readonly jwks: { readonly keys: readonly object[] }
}

/** Writes it whole into a folder that was empty, or is emptied. */
export function publish(folder: string, { tokens, origin, signer, jwks }: Publication): void {
  rmSync(folder, { recursive: true, force: true })
  const tiles = new GrowingTiles()
  for (const token of tokens) tiles.append(Buffer.from(token, 'latin1'))
  for (const { path, bytes } of [...tiles.takeFull(), ...tiles.partial()]) put(folder, path, bytes)
  put(folder, 'checkpoint', signedCheckpoint(origin, tokens.length, tiles.root(), signer))
  put(folder, 'keys/log.vkey', vkeyOf(origin, signer))
  put(folder, 'keys/jwks.json', JSON.stringify(jwks))
}

export function put(folder: string, path: string, bytes: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), bytes)
}

export function signedCheckpoint(
  origin: string,
  size: number,
  root: Uint8Array,
  { publicKey, privateKey }: NoteSigner,
): string {
  const text = checkpointText({ origin, size, root })
  const { name, id } = noteKey(origin, noteAlgorithm.ed25519, publicKey)
  const signature = sign(null, Buffer.from(text), privateKey)
  return printNote({ text, signatures: [{ name, id, signature }] })
}

/** The file of the only decision key of a tenant. */
export function signingKeyIn(tenant: string): string {
  const [name, ...others] = readdirSync(join(tenant, 'keys/signing'))
  if (name === undefined || others.length > 0) throw new Error('there is not one signing key')
  return join(tenant, 'keys/signing', name)
}

/** Signs leaves anew, by the service's own key, as only whoever has stolen it can. */
export function leafSigner(
  file: string,
): (token: string, changes: object, header?: object) => string {
  const key = createPrivateKey({
    key: JSON.parse(readFileSync(file, 'utf8')) as object,
    format: 'jwk',
  })
  return (token, changes, header = {}) => {
    const [head = ''] = token.split('.')
    const given = JSON.parse(Buffer.from(head, 'base64url').toString()) as object
    const parts = [
      { ...given, ...header },
      { ...leafOf(token), ...changes },
    ]
    const signed = parts
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })
    return `${signed}.${signature.toString('base64url')}`
  }
}

/** Waits until all that is durable in a tenant's data is published. */
export async function reachPublished(tenant: string): Promise<void> {
  const published = join(tenant, 'published/checkpoint')
  const size = (): string | undefined => readFileSync(published, 'utf8').split('\n')[1]
  while (!existsSync(published) || size() !== String(tokensIn(join(tenant, 'log')).length)) {
    await setTimeout(20)
  }
}
