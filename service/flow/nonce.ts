/**
 * Nonces that bind a proof to one gateway and one moment (draft-ietf-wimse-wpt-02 leaves their making to the
 * verifier). Nothing is stored: a nonce carries its end and a MAC under the tenant's key, and the log remembers
 * which were spent, so a restart forgets none.
 */
import type { Pep } from '../decision/facts.ts'
import { limits } from '../contract/limits.ts'
import type { Clock } from '../port/clock.ts'
import { macOf, sameText } from '../statement/digest.ts'

export type NoncePorts = { readonly clock: Clock; readonly pseudonymKey: Uint8Array }
type Asker = Pick<Pep, 'tenant' | 'issuer' | 'id'>

export type Nonce = {
  readonly nonce: string
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

export function issueNonce(asker: Asker, { clock, pseudonymKey }: NoncePorts): Nonce {
  const expiresAt = Math.floor(clock.now() / 1000) + limits.nonceSeconds
  const serial = clock.uuid()
  const mac = macOf(pseudonymKey, 'nonce', saidIn(asker, expiresAt, serial))
  return { nonce: `${String(expiresAt)}.${serial}.${mac}`, expiresAt }
}

/** One that we gave to this asker, and that has not ended. @param now seconds since the epoch */
export function isNonceOf(
  nonce: string,
  asker: Asker,
  now: number,
  pseudonymKey: Uint8Array,
): boolean {
  const [end = '', serial = '', mac = '', ...more] = nonce.split('.')
  const expiresAt = Number(end)
  if (more.length > 0 || !/^\d{1,12}$/.test(end) || expiresAt <= now) return false
  return sameText(mac, macOf(pseudonymKey, 'nonce', saidIn(asker, expiresAt, serial)))
}

function saidIn({ tenant, issuer, id }: Asker, expiresAt: number, serial: string): unknown {
  return [tenant, issuer, id, expiresAt, serial]
}
