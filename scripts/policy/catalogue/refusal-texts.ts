// Why a bundle is not taken, and what to change.

import type { BundleRefusal } from '../../../service/bundle/refusal.ts'
import type { Text } from './text.ts'

const again = 'Build and sign the bundle again'

export const refusalTexts: Readonly<Record<BundleRefusal, Text>> = {
  too_large: [
    'It is larger than it may be, or expands too far.',
    'Take out what policy does not read.',
  ],
  not_gzip: ['It is not gzip.', `${again}.`],
  not_tar: ['It is not a tar archive.', `${again}.`],
  too_many_files: ['It has more files than it may.', 'Take out what policy does not read.'],
  entry_type: [
    'It holds a link, a device or another entry that is no file.',
    'Pack regular files only.',
  ],
  path: ['A path leads out of it, or is not plain.', 'Pack files under plain relative names.'],
  duplicate_file: ['A file stands in it twice.', `${again}.`],
  unsigned: ['It has no signature.', 'Sign it with a key of the tenant.'],
  signature_count: ['It has no signature or several in its signature file.', 'Sign it once.'],
  signature_plugin: ['It names a plugin to verify it with.', 'Sign it without a plugin.'],
  signature_malformed: ['Its signature cannot be read.', `${again}.`],
  signature_key_unknown: [
    'It is signed by a key that the tenant does not have.',
    'Sign it with a key of the tenant, or configure the key.',
  ],
  signature_key_not_yet: [
    'The key that signed it is not valid yet.',
    'Wait, or sign with the present key.',
  ],
  signature_key_expired: ['The key that signed it has expired.', 'Sign it with the present key.'],
  signature_algorithm: [
    'It is signed by another algorithm than its key is configured for.',
    'Sign with the algorithm of the key.',
  ],
  signature_invalid: ['Its signature does not verify.', `${again}; do not change it afterwards.`],
  signature_scope: ['It is signed for another scope.', 'Sign it with the scope of the key.'],
  file_unlisted: ['A file in it is not signed.', `${again}.`],
  file_missing: ['A signed file is not in it.', `${again}.`],
  file_hash: ['A file in it is not what was signed.', `${again}.`],
  hash_algorithm: [
    'A file is hashed by an algorithm that is refused.',
    'Sign with SHA-256 or better.',
  ],
  stray_signature: ['A signature file lies elsewhere than at its top.', 'Take the file out.'],
  json: ['A file in it is not JSON, or other parsers would read it otherwise.', 'Mend the file.'],
  delta: ['It is a delta, which cannot be signed.', 'Release a whole bundle.'],
  yaml_data: [
    'It holds data in YAML.',
    'Build it with `countersign policy build` or `opa build`, which write JSON.',
  ],
  stray_manifest: ['A manifest lies elsewhere than at its top.', 'Take the file out.'],
  manifest_missing: ['It has no manifest.', `${again}.`],
  manifest: ['Its manifest is not of the schema.', `${again}.`],
  sequence: ['Its manifest has no sequence number.', 'Write metadata.sequence.'],
  rego_version: ['It is written in another version of Rego.', 'Write Rego 1.'],
  roots_overlap: ['Two bundles own the same part of data.', 'Give them disjoint roots.'],
  outside_roots: ['It holds what lies outside its roots.', 'Widen its roots, or take that out.'],
  data_conflict: ['Two of its files say the same member.', 'Say it once.'],
  wasm: ['Its module cannot be read.', `${again}.`],
  entrypoint: ['Its module lacks the entrypoint.', 'Build it with -e countersign/decision.'],
  policy_count: [
    'Not exactly one bundle of the tenant holds a policy.',
    'Release one policy, and data beside it.',
  ],
  registry: ['Its registry is not of the schema.', 'Run `countersign policy check`.'],
  memory: [
    'Its module needs more memory than it may have.',
    'Raise the limit, or shrink its constants.',
  ],
  sequence_backwards: [
    'It is older than what was active.',
    'Release it with a higher sequence, or use `countersign bundle rollback`.',
  ],
  builtin_refused: [
    'It calls a builtin that reads the world.',
    'Put what it would read into the input or the data.',
  ],
  builtin_unknown: [
    'It calls a builtin that this engine does not have.',
    'Build it with bundles/capabilities.json.',
  ],
  policy_start: ['Its module cannot be started.', `${again}, or raise the memory limit.`],
  self_check: [
    'A question of its own is answered otherwise than it says.',
    'Mend the policy or the case.',
  ],
  unreadable: ['It cannot be read.', 'Look at the rights and the disk of its source.'],
  no_bundles: ['The source has no bundle.', 'Release one to it.'],
}
