/** What an operator should look at while keys and lists still count: readiness names it before it becomes an outage. */
import type { KeySetState, StatusListState, TrustState } from '../contract/trust-state.ts'

export function trustNotices({ key_sets: sets, status_lists: lists }: TrustState): string[] {
  return [
    ...sets.filter(({ usable, failures }) => usable && failures > 0).map(ofKeySet),
    ...lists.filter(({ failures }) => failures > 0).map(ofList),
  ]
}

function ofKeySet({ issuer, error, usable_until: until }: KeySetState): string {
  const end =
    until === null ? 'they count no longer once they are too old' : `they count until ${until}`
  return `the keys of ${issuer} cannot be fetched anew (${error ?? 'unknown'}): ${end}`
}

function ofList({ uri, error, usable, usable_until: until }: StatusListState): string {
  const end = usable ? `it counts until ${until ?? 'then'}` : 'tokens that name it are denied'
  return `the status list ${uri} cannot be fetched (${error ?? 'unknown'}): ${end}`
}
