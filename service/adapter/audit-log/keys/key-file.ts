/** Key files: a JWK (RFC 7517) or a sealed one, readable by their owner only, whole or not there at all. */
import { mkdir, open, rename, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { webcrypto } from 'node:crypto'
import { PdpError } from '../../../contract/error-code.ts'
import { isSealed, openKey, sealKey, type KeyUse, type Passphrase } from './sealed-key.ts'

/** Windows has no such bits. */
const modesMean = process.platform !== 'win32'

/** What a key file is for, and what opens it; null: it lies open. */
export type KeySeal = { readonly use: KeyUse; readonly passphrase: Passphrase | null }

/**
 * One key; null when there is no such file. With a passphrase, one that lies open is sealed from then on.
 *
 * @throws PdpError `config_invalid` when others may read it, it is no JWK, or it cannot be unsealed.
 */
export async function readKeyFile(
  path: string,
  seal: KeySeal,
): Promise<webcrypto.JsonWebKey | null> {
  const text = await readPrivate(path)
  if (text === null) return null
  if (isSealed(text)) return openKey(text, seal, path)
  const key = parseKey(text, path)
  if (seal.passphrase !== null) await writeKeyFile(path, key, seal)
  return key
}

/** The public half of a key: there is nothing to seal. @throws PdpError `config_invalid`. */
export async function readPublicKeyFile(path: string): Promise<webcrypto.JsonWebKey | null> {
  const text = await readPrivate(path)
  return text === null ? null : parseKey(text, path)
}

/** @throws PdpError `config_invalid` when others may read it. */
export async function readPrivate(path: string): Promise<string | null> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  })
  if (file === null) return null
  try {
    const found = await file.stat()
    if (modesMean && found.isFile() && (found.mode & 0o077) !== 0) {
      throw new PdpError(
        'config_invalid',
        `${path} can be read by others: make it yours alone (chmod 600), and think about who read it.`,
      )
    }
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

function parseKey(text: string, path: string): webcrypto.JsonWebKey {
  try {
    const key: unknown = JSON.parse(text)
    if (typeof key === 'object' && key !== null && 'kty' in key) return key as webcrypto.JsonWebKey
  } catch {
    // Told below, without the text: it may hold a key.
  }
  throw new PdpError('config_invalid', `${path} is not a JWK.`)
}

/** Makes a key file durable under its name, whole or not at all. */
export async function writeKeyFile(
  path: string,
  key: webcrypto.JsonWebKey,
  seal: KeySeal | null,
): Promise<void> {
  const text = seal?.passphrase
    ? await sealKey(key, seal.use, seal.passphrase)
    : JSON.stringify(key, null, 2)
  await writePrivate(path, `${text}\n`)
}

export async function writePrivate(path: string, text: string): Promise<void> {
  const unfinished = `${path}.unfinished`
  const file = await open(unfinished, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(unfinished, path)
  await syncDirectory(dirname(path))
}

/** A directory of our own, durable under its name: what is in it is nobody else's business. */
export async function makePrivateDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 })
  if (first !== undefined) {
    for (let made = resolve(path); made.length >= resolve(first).length; made = dirname(made)) {
      await syncDirectory(dirname(made))
    }
  }
  const { mode } = await stat(path)
  if (modesMean && (mode & 0o022) !== 0) {
    throw new PdpError('config_invalid', `${path} can be written by others: chmod 700 it.`)
  }
}

export async function syncDirectory(path: string): Promise<void> {
  if (!modesMean) return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
