/** Why a bundle is refused: stable reasons, one class of error. Nothing of a refused bundle is used. */
import { PdpError } from '../contract/error-code.ts'

export const bundleRefusals = [
  // The archive.
  'too_large',
  'not_gzip',
  'not_tar',
  'too_many_files',
  'entry_type',
  'path',
  'duplicate_file',
  // The signature.
  'unsigned',
  'signature_count',
  'signature_plugin',
  'signature_malformed',
  'signature_key_unknown',
  'signature_key_not_yet',
  'signature_key_expired',
  'signature_algorithm',
  'signature_invalid',
  'signature_scope',
  'file_unlisted',
  'file_missing',
  'file_hash',
  'hash_algorithm',
  'stray_signature',
  // The files.
  'json',
  'delta',
  'yaml_data',
  'stray_manifest',
  'manifest_missing',
  'manifest',
  'sequence',
  'rego_version',
  'roots_overlap',
  'outside_roots',
  'data_conflict',
  'wasm',
  'entrypoint',
  // All bundles of an activation together.
  'policy_count',
  'registry',
  'memory',
  'sequence_backwards',
  'builtin_refused',
  'builtin_unknown',
  'policy_start',
  'self_check',
  'unreadable',
  'no_bundles',
] as const
export type BundleRefusal = (typeof bundleRefusals)[number]

/**
 * @param place the file in the bundle, or a JSON Pointer into one; empty for the bundle as a whole
 * @param message what is wrong and what to change
 */
export function refusal(
  reason: BundleRefusal,
  place: string,
  message: string,
  cause?: unknown,
): PdpError {
  const where = place === '' ? '' : `${place}: `
  return new PdpError('bundle_refused', `${where}${message}`, {
    cause,
    faults: [{ pointer: place, reason }],
  })
}

/** The same refusal, and which bundle it is about. */
export function refusalIn(bundle: string, error: unknown): unknown {
  if (!(error instanceof PdpError) || error.code !== 'bundle_refused') return error
  return new PdpError('bundle_refused', `${bundle}: ${error.message}`, {
    cause: error.cause,
    faults: error.faults,
  })
}
