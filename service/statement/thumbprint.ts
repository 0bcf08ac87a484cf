/// <reference lib="esnext.typedarrays" />
/** The name of a key: RFC 7638. */
import { canonicalJson } from './canonical-json.ts'
import { sha256 } from './digest.ts'

/** SHA-256 of the required members, sorted, without white space. */
export function thumbprint(required: object): string {
  return sha256(canonicalJson(required)).toBase64({ alphabet: 'base64url', omitPadding: true })
}
