/** Key files: JWK (RFC 7517), readable by their owner only, made once and never overwritten. */
import { mkdir, open, rename, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { webcrypto } from 'node:crypto'
import { PdpError } from '../../contract/error-code.ts'

/** Windows has no such bits. */
const modesMean = process.platform !== 'win32'

/**
 * One key; null when there is no such file.
 *
 * @throws PdpError `config_invalid` when others may read it, or it is no JWK.
 */
export async function readKeyFile(path: string): Promise<webcrypto.JsonWebKey | null> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  })
  if (file === null) return null
  try {
    const { mode } = await file.stat()
    if (modesMean && (mode & 0o077) !== 0) {
      throw new PdpError(
        'config_invalid',
        `${path} can be read by others: chmod 600 it, and think about who read it.`,
      )
    }
    return parseKey(await file.readFile('utf8'), path)
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
export async function writeKeyFile(path: string, key: webcrypto.JsonWebKey): Promise<void> {
  const unfinished = `${path}.unfinished`
  const file = await open(unfinished, 'w', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(key, null, 2)}\n`)
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

async function syncDirectory(path: string): Promise<void> {
  if (!modesMean) return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
