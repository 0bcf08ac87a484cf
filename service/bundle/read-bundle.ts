/**
 * A bundle in OPA's format, read into a typed value: first the signature over every file, then the rest.
 *
 * Whatever is returned was signed by one of the given keys. A bundle without policy.wasm carries data only.
 */
import type { Digest } from '../contract/digest.ts'
import type { PolicyAuthor } from '../contract/policy-author.ts'
import type { RuleMap } from '../contract/rule-map.ts'
import { baseName } from './bundle-path.ts'
import { checkHashes, checkNames, manifestFile, signatureFile } from './check-files.ts'
import { readData } from './bundle-data.ts'
import type { JsonObject } from './json-value.ts'
import { readManifest, type Manifest } from './manifest.ts'
import { parseJson } from './parse-json.ts'
import { readTar, type BundleFiles } from './read-tar.ts'
import { refusal } from './refusal.ts'
import type { SelfCheckCase } from '../contract/self-check.ts'
import { readSelfCheck, selfCheckFile } from './self-check.ts'
import { readSignatures, type BundleKey } from './signatures.ts'

export type Bundle = {
  readonly revision: string
  /** SHA-256 of the tarball as it came. */
  readonly digest: Digest
  readonly roots: readonly string[]
  readonly sequence: number
  /** Id of the configured key that verified its signature. */
  readonly signedBy: string
  /** What it says itself that it must decide; empty when it says nothing. */
  readonly selfCheck: readonly SelfCheckCase[]
  /** The policy judges bare AuthZEN evaluations. */
  /** Who wrote what it holds. */
  readonly authors: readonly PolicyAuthor[]
  readonly rawAuthzen: boolean
  /** Where each rule stands and what it reads. */
  readonly rules: RuleMap
  readonly data: JsonObject
  readonly wasm: Uint8Array | null
  /** Entrypoints of the module, as `package/rule`. */
  readonly entrypoints: readonly string[]
  /** Paths of the Rego sources, which are for people: only the module is run. */
  readonly policyFiles: readonly string[]
}

/**
 * @param archive the tarball, unpacked by gunzip
 * @param digest of the tarball as it came
 * @param now seconds since the epoch, at which the signing key must be valid
 * @throws PdpError `bundle_refused` with the reason of the first thing that is wrong
 */
export function readBundle(
  archive: Uint8Array,
  digest: Digest,
  keys: readonly BundleKey[],
  now: number,
): Bundle {
  const files = readTar(archive)
  checkNames(files)
  const signatures = files.get(signatureFile)
  if (signatures === undefined) {
    throw refusal(
      'unsigned',
      signatureFile,
      'the bundle is not signed: build it with --signing-key',
    )
  }
  const signed = readSignatures(signatures, keys, now)
  checkHashes(files, signed.files)
  const manifest = manifestOf(files)
  const wasm = moduleOf(files, manifest)
  return Object.freeze({
    revision: manifest.revision,
    digest,
    roots: Object.freeze(manifest.roots),
    sequence: manifest.sequence,
    signedBy: signed.keyId,
    selfCheck: readSelfCheck(files.get(selfCheckFile)),
    authors: Object.freeze(manifest.authors),
    rawAuthzen: manifest.rawAuthzen,
    rules: manifest.rules,
    data: readData(files, manifest.roots),
    wasm,
    entrypoints: Object.freeze(manifest.entrypoints.map((entrypoint) => entrypoint.name)),
    policyFiles: Object.freeze([...files.keys()].filter((path) => path.endsWith('.rego')).sort()),
  })
}

function manifestOf(files: BundleFiles): Manifest {
  const bytes = files.get(manifestFile)
  if (bytes === undefined) {
    throw refusal(
      'manifest_missing',
      manifestFile,
      'add a manifest with revision, roots and metadata.sequence',
    )
  }
  return readManifest(parseJson(bytes))
}

/** At most one module, and it is the one that every entrypoint of the manifest names. */
function moduleOf(files: BundleFiles, manifest: Manifest): Uint8Array | null {
  const [path, second] = [...files.keys()].filter((name) => baseName(name) === 'policy.wasm')
  if (second !== undefined)
    throw refusal('wasm', second, 'a bundle may hold one module: build one with all entrypoints')
  const stray = manifest.entrypoints.find(({ module }) => module.replace(/^\//, '') !== path)
  if (stray !== undefined) {
    throw refusal(
      'wasm',
      manifestFile,
      `the entrypoint ${stray.name} names the module ${stray.module}, which is not there`,
    )
  }
  if (path === undefined) return null
  if (manifest.entrypoints.length === 0) {
    throw refusal('entrypoint', manifestFile, 'the module has no entrypoint: build it with -e')
  }
  return files.get(path) ?? null
}
