/**
 * Verified facts from a token, at once when this very token was proved before.
 *
 * Only what a signed payload says is kept, under the SHA-256 of the whole token, the kind, the tenant and
 * the epoch of its keys: a tampered token that carries a known signature is another token, and a key set
 * that changes forgets all. Time, audience, asker and status are checked at each use.
 */
import { LRUCache } from 'lru-cache'
import type { Digest } from '../contract/digest.ts'
import { limits } from '../contract/limits.ts'
import { refuse, type Reading, type Refusal } from '../identity/reading.ts'
import type { TokenKind } from '../identity/token-profile.ts'
import type { ListedStatus } from '../identity/status-list.ts'
import type { KeySets } from '../port/key-sets.ts'
import type { StatusLists } from '../port/status-lists.ts'
import { digestOfText } from '../statement/digest.ts'
import { proveToken, type Proved } from './prove-token.ts'
import { tokenKinds, type ExpectationsOf, type FactsOf, type KindRow } from './token-kinds.ts'

/** `digest` is the SHA-256 of the token: all of it that the log may hold. */
export type Verification<K extends TokenKind> =
  | { readonly ok: true; readonly facts: FactsOf<K>; readonly digest: Digest }
  | (Refusal & { readonly digest: Digest })

/** Total, and without a promise when the token is known, which takes a few microseconds. */
export type VerifyToken = <K extends TokenKind>(
  kind: K,
  tenant: string,
  compact: string,
  expected: ExpectationsOf<K>,
) => Verification<K> | Promise<Verification<K>>

type Verifier<K extends TokenKind> = (
  tenant: string,
  compact: string,
  expected: ExpectationsOf<K>,
) => Verification<K> | Promise<Verification<K>>

/** One verifier, with its memory, for all tenants of the process. */
export function createVerifyToken(
  keySets: KeySets,
  statusLists: StatusLists = noStatusLists,
): VerifyToken {
  const ports = { keySets, statusLists }
  const verifiers: { readonly [K in TokenKind]: Verifier<K> } = {
    access_token: verifierOf(tokenKinds.access_token, ports),
    pep_token: verifierOf(tokenKinds.pep_token, ports),
    jwt_svid: verifierOf(tokenKinds.jwt_svid, ports),
    security_event: verifierOf(tokenKinds.security_event, ports),
    platform_token: verifierOf(tokenKinds.platform_token, ports),
    wit: verifierOf(tokenKinds.wit, ports),
    purpose_grant: verifierOf(tokenKinds.purpose_grant, ports),
  }
  return (kind, tenant, compact, expected) => verifiers[kind](tenant, compact, expected)
}

/** Where no list is to be had, a token that names one does not count. */
const noStatusLists: StatusLists = { statusOf: () => 'status_unavailable', state: () => [] }

function verifierOf<K extends TokenKind>(
  row: KindRow<K>,
  { keySets, statusLists }: { readonly keySets: KeySets; readonly statusLists: StatusLists },
): Verifier<K> {
  const proved = new LRUCache<string, Proved<K>>({ max: limits.verifiedTokens })
  const flights = new Map<string, Promise<Reading<Proved<K>>>>()

  const proveOnce = (key: string, tenant: string, compact: string): Promise<Reading<Proved<K>>> => {
    const flying = flights.get(key)
    if (flying !== undefined) return flying
    const flight = proveTotally(row, tenant, compact, keySets).finally(() => flights.delete(key))
    flights.set(key, flight)
    return flight
  }

  /** A status is asked last, of a token that counts but for it, and each time. */
  const settle = (
    tenant: string,
    { status }: Proved<K>,
    accepted: Reading<FactsOf<K>>,
    digest: Digest,
  ): Verification<K> | Promise<Verification<K>> => {
    if (!accepted.ok || status === null) return verification(accepted, digest)
    const settled = (listed: ListedStatus | 'status_unavailable'): Verification<K> =>
      verification(listed === 'valid' ? accepted : refuse(listed), digest)
    const listed = statusLists.statusOf({ tenant, ...status })
    return typeof listed === 'string' ? settled(listed) : listed.then(settled)
  }

  return (tenant, compact, expected) => {
    const digest = digestOfText(compact)
    const key = `${digest} ${String(keySets.epoch(tenant))} ${tenant}`
    const known = proved.get(key)
    if (known !== undefined) {
      const accepted = row.accept(known.claims, expected)
      if (!accepted.ok && accepted.failure === 'expired') proved.delete(key)
      return settle(tenant, known, accepted, digest)
    }
    return proveOnce(key, tenant, compact).then((claims) => {
      if (!claims.ok) return verification(claims, digest)
      const accepted = row.accept(claims.value.claims, expected)
      if (accepted.ok) proved.set(key, claims.value)
      return settle(tenant, claims.value, accepted, digest)
    })
  }
}

/** A port that breaks its promise is a key that is not to be had. */
async function proveTotally<K extends TokenKind>(
  ...[row, tenant, compact, keySets]: Parameters<typeof proveToken<K>>
): Promise<Reading<Proved<K>>> {
  try {
    return frozen(await proveToken(row, tenant, compact, keySets))
  } catch {
    return refuse('keys_unavailable')
  }
}

/** What is remembered is given to many: nobody may change it. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null)
    Object.values(Object.freeze(value)).forEach(frozen)
  return value
}

function verification<K extends TokenKind>(
  accepted: Reading<FactsOf<K>>,
  digest: Digest,
): Verification<K> {
  return accepted.ok ? { ok: true, facts: accepted.value, digest } : { ...accepted, digest }
}
