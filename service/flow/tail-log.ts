/** Reads the log forward for whoever follows it: entries that are durable, in order, a bounded page at a time. */
import type { Leaf } from '../contract/leaf.ts'
import { limits } from '../contract/limits.ts'
import type { AuditLog } from '../port/audit-log.ts'

/** As it is stored: a reader needs no disclosure to hold it against the published log. */
export type TailLine = {
  readonly index: number
  /** RFC 6962 hash of the leaf: `sha256:` and hexadecimal digits. */
  readonly leaf_hash: string
  /** The leaf, byte for byte. */
  readonly token: string
  readonly leaf: Leaf
}

/** None when the log ends before that index. @throws PdpError `log_corrupt`. */
export async function tailPage(
  from: number,
  audit: Pick<AuditLog, 'entries'>,
): Promise<readonly TailLine[]> {
  const entries = await audit.entries(from, limits.listedEntries)
  return entries.map(({ token, leaf, leafHash }) => ({
    ...{ index: leaf.index, leaf_hash: leafHash, token, leaf },
  }))
}
