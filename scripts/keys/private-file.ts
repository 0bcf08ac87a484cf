// Files that nobody but their owner may read: keys, shares and backups, as commands read and write them.

import { closeSync, existsSync, fsyncSync, openSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  openKey,
  isSealed,
  type KeyUse,
  sealKey,
} from '../../service/adapter/audit-log/keys/sealed-key.ts'
import { readPassphrase } from '../../service/adapter/audit-log/keys/passphrase.ts'
import type { webcrypto } from 'node:crypto'
import { type Call, usage } from '../command/command.ts'
import { readGiven } from '../command/read-file.ts'
import { reasonOf } from '../command/system-error.ts'
import { removed, syncDirectory } from '../command/write-file.ts'
import { text } from '../policy/arguments.ts'

export const passphraseUsage = `  --passphrase-file <file>
                         one line that it is sealed with: a file of mode 600, or a descriptor (/dev/fd/3)`
export const passphraseOptions = { 'passphrase-file': { type: 'string' } } as const

/** @throws PdpError `usage` when others may read it. */
export function readPrivateFile(file: string, what: string): string {
  const bytes = readGiven(file, what)
  const found = statSync(file)
  if (process.platform !== 'win32' && found.isFile() && (found.mode & 0o077) !== 0)
    throw usage(
      `${file} can be read by others: make it yours alone (chmod 600), and think about who read it.`,
    )
  return Buffer.from(bytes).toString()
}

/** A sealed key. @throws PdpError `usage`, `config_invalid`. */
export async function readSealed(
  call: Call,
  file: string,
  use: KeyUse,
): Promise<webcrypto.JsonWebKey> {
  const what = 'a sealed key, as countersign keys generate writes it'
  const sealed = readPrivateFile(file, what)
  if (!isSealed(sealed)) throw usage(`${file} is no sealed key; name ${what}.`)
  const passphrase = await readPassphrase(
    text(call, 'passphrase-file', 'the file of the passphrase'),
  )
  return openKey(sealed, { use, passphrase }, file)
}

export async function sealedText(call: Call, key: object, use: KeyUse): Promise<string> {
  const passphrase = await readPassphrase(
    text(call, 'passphrase-file', 'the file of the passphrase'),
  )
  return `${await sealKey(key, use, passphrase)}\n`
}

/** Nothing is ever written over: it may be the only copy of a key. @throws PdpError `usage`. */
export function writePrivateFile(file: string, content: string): void {
  if (existsSync(file))
    throw usage(`${file} is there already: name a file that is not, a key is never written over.`)
  try {
    const opened = openSync(file, 'wx', 0o600)
    try {
      writeFileSync(opened, content)
      fsyncSync(opened)
    } catch (error) {
      // It is ours, and half of a key is none.
      removed(file)
      throw error
    } finally {
      closeSync(opened)
    }
    syncDirectory(dirname(file))
  } catch (cause) {
    throw usage(
      `${file} cannot be written: ${reasonOf(cause)}; name a file in a directory that exists.`,
      cause,
    )
  }
}
