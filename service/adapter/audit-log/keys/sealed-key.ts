/**
 * A private key under a passphrase: an encrypted JWK (RFC 7517 section 7) as compact JWE, PBES2-HS512+A256KW (RFC 7518
 * section 4.8) and A256GCM. Any JOSE library opens it, so that a backup does not depend on this program.
 */
import type { webcrypto } from 'node:crypto'
import { CompactEncrypt, compactDecrypt } from 'jose'
import { PdpError } from '../../../contract/error-code.ts'

/** What a key is for: it stands in the protected header, so that no file can take another's place. */
export type KeyUse = 'decision' | 'note' | 'pseudonym' | 'disclosure' | 'bundle' | 'backup'
export type Passphrase = Uint8Array

const algorithm = 'PBES2-HS512+A256KW'
const encryption = 'A256GCM'
/** OWASP's count for PBKDF2 with SHA-512; a file that asks for much more would only cost us time. */
const iterations = 210_000
const mostIterations = 2_000_000
const useMember = 'countersign_use'

/** Anything but JSON: base64url has no brace. */
export function isSealed(text: string): boolean {
  return /^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+\s*$/u.test(text)
}

export async function sealKey(key: object, use: KeyUse, passphrase: Passphrase): Promise<string> {
  return await new CompactEncrypt(Buffer.from(JSON.stringify(key)))
    .setProtectedHeader({
      ...{ alg: algorithm, enc: encryption, cty: 'jwk+json' },
      [useMember]: use,
    })
    .setKeyManagementParameters({ p2c: iterations })
    .encrypt(passphrase)
}

/** @param path what is said of it in a message. @throws PdpError `config_invalid`. */
export async function openKey(
  text: string,
  { use, passphrase }: { readonly use: KeyUse; readonly passphrase: Passphrase | null },
  path: string,
): Promise<webcrypto.JsonWebKey> {
  if (passphrase === null)
    throw new PdpError('config_invalid', `${path} is sealed: name the file of its passphrase.`)
  const opened = await compactDecrypt(text.trim(), passphrase, {
    keyManagementAlgorithms: [algorithm],
    contentEncryptionAlgorithms: [encryption],
    maxPBES2Count: mostIterations,
  }).catch(() => {
    // Which of the two it was nobody can know, and the cause may hold what was tried.
    throw new PdpError(
      'config_invalid',
      `${path} cannot be opened: give the passphrase that it was sealed with, or restore the file from a backup.`,
    )
  })
  const found = opened.protectedHeader[useMember]
  if (found !== use) {
    throw new PdpError(
      'config_invalid',
      `${path} holds a key for the use "${String(found)}", and "${use}" is needed: put each file back in its place.`,
    )
  }
  return JSON.parse(Buffer.from(opened.plaintext).toString()) as webcrypto.JsonWebKey
}
