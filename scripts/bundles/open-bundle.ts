// Opens a bundle whose signature does not matter here: one that is not signed yet, or one that is only looked
// at. It is signed by a key that lives for this one call, and then read by the reader of the service: there
// is no second, laxer reader.

import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { gunzip } from '../../service/adapter/bundle-reader/gunzip.ts'
import { tooLarge } from '../../service/adapter/bundle-reader/read-bundles.ts'
import { signatureFile } from '../../service/bundle/check-files.ts'
import { readBundle, type Bundle } from '../../service/bundle/read-bundle.ts'
import { readTar, type BundleFiles } from '../../service/bundle/read-tar.ts'
import { refusalIn } from '../../service/bundle/refusal.ts'
import { writeSigned } from '../../service/bundle/write-bundle.ts'
import { limits } from '../../service/contract/limits.ts'
import type { Tarball } from '../../service/port/bundle-source.ts'
import { digestOfText } from '../../service/statement/digest.ts'

export interface OpenedBundle {
  readonly name: string
  readonly bytes: Uint8Array
  /** Read as the service would, but for the signature; `signedBy` means nothing. */
  readonly bundle: Bundle
  /** Every file but the signature. */
  readonly files: BundleFiles
  /** The file of signatures as it stands; null when the bundle is not signed. */
  readonly signatures: Uint8Array | null
}

/** @throws PdpError `bundle_refused`. */
export async function openBundle({ name, bytes }: Tarball): Promise<OpenedBundle> {
  try {
    if (bytes.length > limits.bundleBytes) throw tooLarge()
    const all = readTar(await gunzip(bytes))
    const files = new Map([...all].filter(([path]) => path !== signatureFile))
    const bundle = await readWithOwnKey(files, bytes)
    return { name, bytes, bundle, files, signatures: all.get(signatureFile) ?? null }
  } catch (error) {
    throw refusalIn(name, error)
  }
}

async function readWithOwnKey(files: BundleFiles, bytes: Uint8Array): Promise<Bundle> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const own = { algorithm: 'EdDSA', scope: null }
  const signed = writeSigned(files, {
    ...own,
    keyId: 'own',
    sign: (signingInput) => sign(null, signingInput, privateKey),
  })
  const key = {
    ...own,
    id: 'own',
    notBefore: null,
    notAfter: null,
    verify: (signingInput: Uint8Array, signature: Uint8Array) =>
      verify(null, signingInput, publicKey, signature),
  }
  return readBundle(await gunzip(signed), digestOfText(bytes), [key], 0)
}
