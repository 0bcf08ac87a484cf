/**
 * Makes a signed bundle that plain OPA accepts, without OPA: a registry is released so by hand or by script.
 *
 * The same content, sequence and key give the same bytes, if the signature algorithm is deterministic
 * (EdDSA, RS256; not ECDSA).
 */
import { canonicalJson } from '../statement/canonical-json.ts'
import { digestOfText } from '../statement/digest.ts'
import { manifestFile, signatureFile } from './check-files.ts'
import { hashFile } from './file-hash.ts'
import { writeGzip } from './write-gzip.ts'
import { writeTar } from './write-tar.ts'

export type BundleSigner = {
  readonly keyId: string
  /** Of JWS (RFC 7518, RFC 8037), as the verifier's key is configured. */
  readonly algorithm: string
  readonly scope: string | null
  readonly sign: (signingInput: Uint8Array) => Uint8Array
}

export type BundleContent = {
  /** What it is called; left out, the digest of its content. */
  readonly revision?: string
  readonly roots: readonly string[]
  readonly sequence: number
  /** Path inside the bundle -> bytes: `data.json`, and what else there is. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** What the manifest says of policy.wasm, as `opa build` wrote it. */
  readonly wasm?: readonly unknown[]
  /** What else the manifest's `metadata` holds. */
  readonly metadata?: Readonly<Record<string, unknown>>
}

const utf8 = new TextEncoder()

export function writeBundle(content: BundleContent, signer: BundleSigner): Uint8Array {
  return writeSigned(filesOf(content), signer)
}

/** For a later hand to sign: no service loads it. */
export function writeUnsigned(content: BundleContent): Uint8Array {
  return writeGzip(writeTar(filesOf(content)))
}

/** @param unsigned every file but the signature; the manifest is one of them */
export function writeSigned(
  unsigned: ReadonlyMap<string, Uint8Array>,
  signer: BundleSigner,
): Uint8Array {
  const files = new Map(unsigned)
  files.set(signatureFile, jsonBytes({ signatures: [signatureOver(files, signer)] }))
  return writeGzip(writeTar(files))
}

function filesOf(content: BundleContent): ReadonlyMap<string, Uint8Array> {
  const manifest = {
    revision: content.revision ?? revisionOf(content),
    roots: content.roots,
    ...(content.wasm === undefined ? {} : { wasm: content.wasm }),
    metadata: { ...content.metadata, sequence: content.sequence },
  }
  return new Map([...content.files, [manifestFile, jsonBytes(manifest)]])
}

/** A bundle of data alone, such as a tenant's registry. */
export function writeDataBundle(
  data: Readonly<Record<string, unknown>>,
  about: { readonly roots: readonly string[]; readonly sequence: number },
  signer: BundleSigner,
): Uint8Array {
  return writeBundle({ ...about, files: new Map([['data.json', jsonBytes(data)]]) }, signer)
}

/** The digest of everything but the sequence: the revision that the manifest names. */
export function revisionOf(content: Omit<BundleContent, 'sequence'>): string {
  const files: Record<string, string> = {}
  for (const [path, bytes] of content.files) files[path] = hashFile(path, bytes, 'SHA-256')
  const { roots, wasm = [], metadata = {} } = content
  return digestOfText(canonicalJson({ files, roots, wasm, metadata }))
}

function signatureOver(files: ReadonlyMap<string, Uint8Array>, signer: BundleSigner): string {
  const listed = [...files]
    .map(([name, bytes]) => ({
      name,
      hash: hashFile(name, bytes, 'SHA-256'),
      algorithm: 'SHA-256',
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const header = { alg: signer.algorithm, kid: signer.keyId, typ: 'JWT' }
  const claims = { files: listed, ...(signer.scope === null ? {} : { scope: signer.scope }) }
  const signingInput = `${base64url(jsonBytes(header))}.${base64url(jsonBytes(claims))}`
  return `${signingInput}.${base64url(signer.sign(utf8.encode(signingInput)))}`
}

function jsonBytes(value: unknown): Uint8Array {
  return utf8.encode(canonicalJson(value))
}

function base64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: 'base64url', omitPadding: true })
}
