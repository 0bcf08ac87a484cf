/**
 * The keys of the grants that a tenant's own log issued, beside those of the issuers that it configured: what the log says
 * of a decision key holds for the grants that it signed.
 */
import type { KeyLog } from '../audit/key-log.ts'
import type { KeyQuery, KeyResult, KeySets } from '../port/key-sets.ts'

export type GrantIssuer = { readonly issuer: string; readonly keys: KeyLog }

/** @param issuers by tenant; those that are opened later join it */
export function withGrantKeys(
  keySets: KeySets,
  issuers: ReadonlyMap<string, GrantIssuer>,
): KeySets {
  return {
    ...keySets,
    find: (query) => {
      const own = issuers.get(query.tenant)
      return query.kind === 'grant' && own?.issuer === query.issuer
        ? Promise.resolve(findOwn(query, own, keySets))
        : keySets.find(query)
    },
    // Both only grow, so that no sum comes twice.
    epoch: (tenant) => keySets.epoch(tenant) + (issuers.get(tenant)?.keys.changes ?? 0),
  }
}

/** A key that has ended was good for what it signed; one that was revoked is good for nothing. */
function findOwn({ kid, alg }: KeyQuery, { keys }: GrantIssuer, keySets: KeySets): KeyResult {
  const known = keys.find(kid)
  if (known?.compromisedAt !== null) return { ok: false, failure: 'key_not_found' }
  if (known.key.alg !== alg) return { ok: false, failure: 'alg_refused' }
  const key = keySets.brought(known.key, alg)
  return key === null ? { ok: false, failure: 'key_not_found' } : { ok: true, key }
}
