// Purpose grants as their issuer gave them: compact tokens, or their claims as JSON. Signatures are not checked here:
// the service does that with the keys of the tenant.

import { limits } from '../../service/contract/limits.ts'
import type { Gap } from '../../service/contract/reason-code.ts'
import type { AttestedPurpose } from '../../service/contract/attested-purpose.ts'
import { parseMembers, takeApart } from '../../service/identity/parse-token.ts'
import {
  acceptPurposeGrant,
  type GrantClaims,
  readPurposeGrant,
} from '../../service/purpose/grant.ts'
import { type Call, usage } from '../command/command.ts'
import { readGiven } from '../command/read-file.ts'
import { texts } from '../policy/arguments.ts'

export const grantOptions = { grant: { type: 'string', multiple: true } } as const

const what = 'a file with one purpose grant: its token, or its claims (a JSON object)'

/** @throws PdpError `usage`. */
export function givenGrants(call: Call): readonly GrantClaims[] {
  return texts(call, 'grant').map(readGrant)
}

function readGrant(file: string): GrantClaims {
  const bytes = readGiven(file, what)
  const text = Buffer.from(bytes).toString('utf8').trim()
  if (text.length > limits.tokenBytes) throw usage(`${file} is too long; name ${what}.`)
  const payload = text.startsWith('{') ? Buffer.from(text) : payloadOf(text, file)
  const members = parseMembers(payload)
  const claims = members.ok ? readPurposeGrant(members.value) : members
  if (claims.ok) return claims.value
  throw usage(`${file} is no purpose grant (${claims.failure}); name ${what}.`)
}

function payloadOf(text: string, file: string): Uint8Array {
  const parts = takeApart(text)
  if (parts.ok) return parts.value.payload
  throw usage(`${file} is no token (${parts.failure}); name ${what}.`)
}

/** The fact that the service would have of it at that time, or the gap. @param now in seconds */
export function grantFacts(
  claims: GrantClaims,
  now: number,
): { readonly purpose: AttestedPurpose | null; readonly gaps: readonly Gap[] } {
  const [audience = ''] = claims.audiences
  const accepted = acceptPurposeGrant(claims, { now, audience })
  return accepted.ok
    ? { purpose: accepted.value, gaps: [] }
    : { purpose: null, gaps: [{ code: `grant.${accepted.failure}`, params: {} }] }
}
