/** The hash of one file of a bundle, as OPA computes it for `.signatures.json`. */
import { hexDigest, type HashName } from '../statement/digest.ts'
import { jsonText } from './json-text.ts'
import { parseJson } from './parse-json.ts'
import { refusal } from './refusal.ts'

/** OPA knows more; MD5, SHA-1 and truncated hashes are refused. */
const hashNames: readonly string[] = ['SHA-256', 'SHA-384', 'SHA-512'] satisfies HashName[]

/** Of these files OPA hashes the value, so that spaces and the order of members do not matter. */
const structured = new Set(['data.json', 'data.yaml', 'data.yml', '.manifest'])

export function isHashName(name: string): name is HashName {
  return hashNames.includes(name)
}

/**
 * @param path inside the bundle, without a leading slash
 * @throws PdpError `bundle_refused` when a structured file is not JSON: OPA would try YAML, we do not.
 */
export function hashFile(path: string, bytes: Uint8Array, algorithm: HashName): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (!structured.has(name)) return hexDigest(algorithm, bytes)
  try {
    return hexDigest(algorithm, jsonText(parseJson(bytes)))
  } catch (cause) {
    throw refusal('json', path, `this is not JSON (${String(cause)}): correct it`, cause)
  }
}
