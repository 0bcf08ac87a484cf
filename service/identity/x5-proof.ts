/**
 * The proof of a server that has an X.509-SVID and no WIT, where the connection is not ours to see: a JWS by the key of
 * its leaf, of the claims of a WPT, which names the certificate (`x5t#S256`, RFC 8705) instead of a WIT.
 */
import { isText } from './claim.ts'
import type { JsonMembers } from './parse-token.ts'
import { read, refuse, type Reading } from './reading.ts'
import { acceptProof, type AcceptedProof, type ProofExpectations } from './wpt.ts'

/** @param thumbprint of the leaf that came along. */
export function acceptX5Proof(
  payload: JsonMembers,
  expected: ProofExpectations & { readonly thumbprint: string },
): Reading<AcceptedProof> {
  const named = payload['x5t#S256']
  return acceptProof(payload, expected, () => {
    if (!isText(named)) return refuse('bad_claim')
    return named === expected.thumbprint ? read(null) : refuse('certificate_mismatch')
  })
}
