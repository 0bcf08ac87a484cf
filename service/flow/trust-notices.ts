/** What an operator should look at while keys still count: readiness names it before it becomes an outage. */
import type { TrustState } from '../contract/trust-state.ts'

export function trustNotices({ key_sets: sets }: TrustState): string[] {
  return sets
    .filter(({ usable, failures }) => usable && failures > 0)
    .map(
      ({ issuer, error, usable_until: until }) =>
        `the keys of ${issuer} cannot be fetched anew (${error ?? 'unknown'}): ${
          until === null
            ? 'they count no longer once they are too old'
            : `they count until ${until}`
        }`,
    )
}
