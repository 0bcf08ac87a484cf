/**
 * Takes in one security event (RFC 8935 push): verified, recorded, and in force for the next question. The same event
 * twice is one record.
 */
import { PdpError } from '../contract/error-code.ts'
import type { EvidenceFailure } from '../contract/reason-code.ts'
import { digestOf, digestOfText, pseudonymOf } from '../statement/digest.ts'
import type { SecurityEvent } from '../identity/security-event.ts'
import type { Draft } from '../port/audit-log.ts'
import type { Tenant } from './tenant.ts'

/** What came of it; a failure is for the transmitter, who may try again. */
export type Taken =
  { readonly ok: true } | { readonly ok: false; readonly failure: EvidenceFailure }

/** @throws PdpError `audit_unavailable`: then it is not in force, and the transmitter must try again. */
export async function takeSecurityEvent(compact: string, tenant: Tenant): Promise<Taken> {
  const { verify, clock } = tenant
  const now = Math.floor(clock.now() / 1000)
  const { id, audience } = tenant.tenant
  const verified = await verify('security_event', id, compact, { now, audience })
  if (!verified.ok) return verified
  const event = verified.facts
  if (!tenant.mayRevoke(event.iss, event.subject.iss))
    return { ok: false, failure: 'issuer_unknown' }
  if (!event.takesAway) return { ok: true }
  return (await record(event, digestOfText(compact), now, tenant))
    ? { ok: true }
    : { ok: false, failure: 'replay' }
}

/** False: another event of the same name was taken before. */
async function record(
  { iss, jti, type, subject, at }: SecurityEvent,
  tokenDigest: string,
  now: number,
  { audit, clock, tenant, pseudonymKey }: Tenant,
): Promise<boolean> {
  const requestKey = digestOf('request-key', ['security-event', tenant.id, iss, jti])
  const revocation = {
    subject: pseudonymOf(pseudonymKey, subject.iss, subject.sub),
    at,
    transmitter: iss,
    type,
    token: tokenDigest,
  }
  const queryDigest = digestOf('content', revocation)
  const draft: Draft = {
    typ: 'event+jwt',
    now,
    workflowId: null,
    claims: {
      ...{ kind: 'revocation', jti: `evt_${clock.uuid()}`, tenant: tenant.id },
      ...{ event: revocation, request_key: requestKey, query_digest: queryDigest },
    },
    disclosure: null,
  }
  try {
    await audit.append(draft, { requestKey, queryDigest })
    return true
  } catch (error) {
    if (error instanceof PdpError && error.code === 'request_id_reused') return false
    throw error
  }
}
