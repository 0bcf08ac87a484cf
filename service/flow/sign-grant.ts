/** Signs what a grant says with the decision key whose turn it is: its `typ` keeps it apart from whatever else that key signs. */
import { PdpError } from '../contract/error-code.ts'
import type { PurposeGrant } from '../contract/purpose-grant.ts'
import { encodeBase64url } from '../statement/base64url.ts'
import type { Tenant } from './tenant.ts'

/** A compact JWS (RFC 7515). @throws PdpError `audit_unavailable`. */
export async function signGrant(
  claims: PurposeGrant,
  { audit, clock, keys }: Pick<Tenant, 'audit' | 'clock' | 'keys'>,
): Promise<string> {
  const current = audit.keys.turn(Math.floor(clock.now() / 1000))
  if (current === null) throw new PdpError('audit_unavailable', 'No key signs now.')
  const { alg, kid } = current.key
  const text = new TextEncoder()
  const parts = [{ alg, typ: 'purpose-grant+jwt', kid }, claims].map((part) =>
    encodeBase64url(text.encode(JSON.stringify(part))),
  )
  const input = parts.join('.')
  const signature = await keys.signer.sign('decision', kid, text.encode(input))
  return `${input}.${encodeBase64url(signature)}`
}
