// What opens the key files of a tenant when they are sealed. Read-only commands never seal one that lies open.

import type { webcrypto } from 'node:crypto'
import {
  isSealed,
  openKey,
  type KeyUse,
  type Passphrase,
} from '../../service/adapter/audit-log/keys/sealed-key.ts'
import { readPassphrase } from '../../service/adapter/audit-log/keys/passphrase.ts'
import { type Call, usage } from '../command/command.ts'
import { readGiven } from '../command/read-file.ts'
import { optionalText } from '../policy/arguments.ts'

export const secretOptions = { 'passphrase-file': { type: 'string' } } as const
export const secretUsage = `  --passphrase-file <file>
                         what the tenant's key files are sealed with (signing.passphrase_file), if they are`

/** Null when none was named. @throws PdpError `config_invalid`. */
export async function passphraseIn(call: Call): Promise<Passphrase | null> {
  const file = optionalText(call, 'passphrase-file')
  return file === undefined ? null : await readPassphrase(file)
}

/** The 32 bytes of a secret of a tenant. @throws PdpError `usage`, `config_invalid`. */
export async function readSecret(
  path: string,
  seal: { readonly use: KeyUse; readonly passphrase: Passphrase | null },
): Promise<Uint8Array> {
  const text = Buffer.from(
    readGiven(path, 'the data directory of a tenant, as its owner'),
  ).toString()
  const { k } = isSealed(text) ? await openKey(text, seal, path) : parsed(text)
  if (typeof k === 'string') return Buffer.from(k, 'base64url')
  throw usage(`${path} is no secret: restore it from a copy.`)
}

/** Nothing of the text is told: it may be half of a secret. */
function parsed(text: string): Partial<webcrypto.JsonWebKey> {
  try {
    return Object(JSON.parse(text)) as webcrypto.JsonWebKey
  } catch {
    return {}
  }
}
