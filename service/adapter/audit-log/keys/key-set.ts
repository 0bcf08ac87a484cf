/** The key set of a log (RFC 7517): every key that ever signed in it, with the time in which it did. */
import type { KeyLog, LoggedKey } from '../../../audit/key-log.ts'
import type { KeyUse } from '../publication/key-use.ts'
import type { PublicJwk } from './tenant-keys.ts'

/**
 * What leaves say of a key counts; of a key that no leaf names, what it signed.
 *
 * @param known public halves that lie beside the log
 * @param first signs as long as no leaf names a key
 */
export function keySet(
  { keys, use }: { readonly keys: KeyLog; readonly use: KeyUse },
  known: readonly PublicJwk[],
  first: string,
): readonly PublicJwk[] {
  const logged = keys.all()
  if (logged.length === 0) return use.windows(known, first)
  const unnamed = known.filter(({ kid }) => keys.find(kid) === null)
  // One that was made and neither announced nor used is nobody's key.
  const used = use.windows(unnamed, '').filter((key) => 'nbf' in key)
  return [...used, ...logged.map((key) => windowOf(key, use))]
}

/** A key may have signed before a leaf named it; `revoked` is of OpenID Federation 1.0, section 8.7.2. */
function windowOf({ key, nbf, exp, compromisedAt }: LoggedKey, use: KeyUse): PublicJwk {
  const signed = use.windows([key], '')[0]?.['nbf']
  return {
    ...key,
    nbf: Math.min(nbf, typeof signed === 'number' ? signed : nbf),
    exp,
    ...(compromisedAt === null
      ? {}
      : { revoked: { revoked_at: compromisedAt, reason: 'compromised' } }),
  }
}
