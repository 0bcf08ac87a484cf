/** Proofs over what is published, out of its tiles; each is checked before it is given away. */
import { leafHash } from '../audit/merkle.ts'
import { consistencyRanges, inclusionRanges } from '../audit/subtree.ts'
import { printProof } from '../audit/tlog-proof.ts'
import { includes, isConsistent } from '../audit/verify-proof.ts'
import { PdpError } from '../contract/error-code.ts'
import type { ConsistencyProof } from '../contract/log-state.ts'
import type { Recorded } from '../port/audit-log.ts'
import { encodeBase64 } from '../statement/base64.ts'
import { damaged, hashesOf } from './published-hashes.ts'
import type { Publisher } from './publisher.ts'

/**
 * `tlog-proof@v1` of an entry; published first, if it is not yet.
 *
 * @throws PdpError `not_ready`, `log_corrupt`.
 */
export async function proveLogged(
  { token, leaf: { index } }: Pick<Recorded, 'token' | 'leaf'>,
  publisher: Publisher,
): Promise<string> {
  await publisher.reach(index)
  const { size, root, note } = publisher.checkpoint()
  const proof = await hashesOf(inclusionRanges(index, size), size, publisher.ports.publication)
  if (!includes({ index, size, root, proof, leafHash: leafHash(token) })) throw damaged(size)
  return printProof({ extra: null, index, proof, checkpoint: note })
}

/**
 * That the log of one size begins with that of another.
 *
 * @param to null for all that is published
 * @throws PdpError `invalid_request` for sizes that are not published, `not_ready`, `log_corrupt`.
 */
export async function proveConsistent(
  from: number,
  to: number | null,
  publisher: Publisher,
): Promise<ConsistencyProof> {
  const { origin, size, root, note } = publisher.checkpoint()
  const end = to ?? size
  if (from < 1 || from > end || end > size) {
    throw new PdpError(
      'invalid_request',
      `Sizes go from 1 to ${size}, and \`from\` is not greater than \`to\`.`,
    )
  }
  const { publication } = publisher.ports
  const sizes = [from, end].map((entries) => ({ first: 0, end: entries }))
  const [fromRoot, toRoot] = await hashesOf(sizes, size, publication)
  if (fromRoot === undefined || toRoot === undefined) throw damaged(size)
  const proof = await hashesOf(consistencyRanges(from, end), size, publication)
  const onward = await hashesOf(consistencyRanges(end, size), size, publication)
  if (
    !isConsistent({ from, to: end, fromRoot, toRoot, proof }) ||
    !isConsistent({ from: end, to: size, fromRoot: toRoot, toRoot: root, proof: onward })
  ) {
    throw damaged(size)
  }
  const roots = { from_root: encodeBase64(fromRoot), to_root: encodeBase64(toRoot) }
  return { origin, from, to: end, ...roots, proof: proof.map(encodeBase64), checkpoint: note }
}
