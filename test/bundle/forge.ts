/** Bundles for tests: right ones, and ones that are wrong in one place. */
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import type { BundleKey } from '../../service/bundle/signatures.ts'
import { hashFile } from '../../service/bundle/file-hash.ts'
import { readBundle, type Bundle } from '../../service/bundle/read-bundle.ts'
import type { BundleSigner } from '../../service/bundle/write-bundle.ts'
import { writeTar } from '../../service/bundle/write-tar.ts'
import { PdpError } from '../../service/contract/error-code.ts'
import { digestOfText } from '../../service/statement/digest.ts'

const pair = generateKeyPairSync('ed25519')

export const key: BundleKey = {
  id: 'k1',
  algorithm: 'EdDSA',
  ...{ scope: null, notBefore: null, notAfter: null },
  verify: (input, signature) => verify(null, input, pair.publicKey, signature),
}

export const signer: BundleSigner = {
  keyId: 'k1',
  algorithm: 'EdDSA',
  scope: null,
  sign: (input) => sign(null, input, pair.privateKey),
}

export type Forgery = {
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  readonly manifest?: unknown
  readonly header?: object
  readonly claims?: object
  readonly signatures?: unknown
  /** Changed after signing. */
  readonly swapped?: Readonly<Record<string, string>>
  readonly removed?: readonly string[]
}

export const manifest = { revision: 'r1', roots: ['a'], metadata: { sequence: 1 } }

const utf8 = new TextEncoder()
const bytes = (text: string | Uint8Array): Uint8Array =>
  typeof text === 'string' ? utf8.encode(text) : text
const base64url = (value: object): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url')

/** The tar archive of a bundle that is right but for what is asked for. */
export function forge(forgery: Forgery = {}): Uint8Array {
  const files = new Map<string, Uint8Array>()
  for (const [path, text] of Object.entries(forgery.files ?? { 'data.json': '{"a":1}' }))
    files.set(path, bytes(text))
  if (forgery.manifest !== null)
    files.set('.manifest', utf8.encode(JSON.stringify(forgery.manifest ?? manifest)))
  const listed = [...files].map(([name, content]) => ({
    name,
    hash: hashOf(name, content),
    algorithm: 'SHA-256',
  }))
  const signature = jws(
    { alg: 'EdDSA', kid: 'k1', ...forgery.header },
    { files: listed, ...forgery.claims },
  )
  if (forgery.signatures !== null) {
    files.set(
      '.signatures.json',
      utf8.encode(JSON.stringify(forgery.signatures ?? { signatures: [signature] })),
    )
  }
  for (const [path, text] of Object.entries(forgery.swapped ?? {}))
    files.set(path, utf8.encode(text))
  for (const path of forgery.removed ?? []) files.delete(path)
  return writeTar(files)
}

export function jws(header: object, claims: object): string {
  const input = `${base64url(header)}.${base64url(claims)}`
  return `${input}.${sign(null, utf8.encode(input), pair.privateKey).toString('base64url')}`
}

export function read(archive: Uint8Array, keys: readonly BundleKey[] = [key]): Bundle {
  return readBundle(archive, digestOfText(archive), keys, 1_800_000_000)
}

/** The stable reason that a bundle is refused for; null if it is not. */
export function reasonOf(act: () => unknown): string | null {
  try {
    act()
    return null
  } catch (error) {
    if (error instanceof PdpError && error.code === 'bundle_refused')
      return error.faults[0]?.reason ?? ''
    throw error
  }
}

function hashOf(name: string, content: Uint8Array): string {
  try {
    return hashFile(name, content, 'SHA-256')
  } catch {
    return '00'.repeat(32)
  }
}
