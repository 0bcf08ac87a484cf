/** The grant that a question asks for: its arguments are the request, which was checked before it became one. */
import type { GrantRequest } from '../contract/grant-request.ts'
import type { Query } from '../contract/query.ts'
import { requestedTerms } from '../purpose/granted.ts'
import type { GrantTerms } from '../purpose/narrow.ts'

/** @param now seconds since the epoch, from which on it would last */
export function askedTerms(
  { capability }: { readonly capability: Pick<Query['capability'], 'arguments'> },
  now: number,
): GrantTerms {
  return requestedTerms(capability.arguments as unknown as GrantRequest, now)
}
