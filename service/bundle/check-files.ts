/**
 * Holds the files of a bundle against its signature, and refuses names that OPA reads laxly.
 *
 * Every file is listed and every listed file is there; nothing unlisted is ever looked into.
 */
import { baseName } from './bundle-path.ts'
import { hashFile } from './file-hash.ts'
import type { BundleFiles } from './read-tar.ts'
import { refusal } from './refusal.ts'
import type { SignedFiles } from './signatures.ts'

export const manifestFile = '.manifest'
export const signatureFile = '.signatures.json'

/** Names that mean something, or meant something to some version of OPA, in a place where we refuse them. */
export function checkNames(files: BundleFiles): void {
  for (const path of files.keys()) {
    const name = baseName(path)
    if (name === 'patch.json') {
      throw refusal('delta', path, 'delta bundles cannot be signed: send a whole bundle')
    }
    if (name === 'data.yaml' || name === 'data.yml') {
      throw refusal('yaml_data', path, 'write the data as data.json (`opa build` does)')
    }
    if (path !== signatureFile && name.endsWith('signatures.json')) {
      throw refusal(
        'stray_signature',
        path,
        `only ${signatureFile} at the root may have such a name: rename it`,
      )
    }
    if (path !== manifestFile && /\.manifest(?:\.pb)?$/.test(name)) {
      throw refusal(
        'stray_manifest',
        path,
        `only ${manifestFile} at the root may have such a name: rename it`,
      )
    }
  }
}

/** @throws PdpError `bundle_refused` for the first file that is not exactly as it was signed. */
export function checkHashes(files: BundleFiles, signed: SignedFiles): void {
  for (const [path, bytes] of files) {
    if (path === signatureFile) continue
    const listed = signed.get(path)
    if (listed === undefined) {
      throw refusal(
        'file_unlisted',
        path,
        'the signature does not list this file: sign the bundle again',
      )
    }
    if (hashFile(path, bytes, listed.algorithm) !== listed.hash) {
      throw refusal('file_hash', path, 'the file is not what was signed: sign the bundle again')
    }
  }
  for (const path of signed.keys()) {
    if (path === signatureFile || !files.has(path)) {
      throw refusal(
        'file_missing',
        path,
        'the signature lists this file, but it is not in the bundle',
      )
    }
  }
}
