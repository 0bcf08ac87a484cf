// An entry as the formats write it: the leaf that was read, and what of it may be seen.

import type { Leaf } from '../../../../service/contract/leaf.ts'
import type { PartlyDisclosed } from '../../read/disclosure-of.ts'

export interface ExportedEntry<Of extends Leaf = Leaf> {
  readonly leaf: Of
  /** The bytes of the leaf: a compact JWS. */
  readonly token: string
  /** RFC 6962 hash of the leaf: `sha256:` and hexadecimal digits. */
  readonly leafHash: string
  /** Of a decision, where it was asked for: what was not erased of it, and has not ended. */
  readonly disclosed: PartlyDisclosed | null
  /** The classes of it that are gone. */
  readonly ended: readonly string[]
}
