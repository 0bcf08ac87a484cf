/**
 * Security events pushed by an issuer (RFC 8935): 202 once it is in force and in the log. The event's own signature
 * is the credential; the audience that it names selects the tenant.
 */
import type { EvidenceFailure } from '../../contract/reason-code.ts'
import { takeSecurityEvent } from '../../flow/take-security-event.ts'
import { peekAudiences } from '../../identity/peek.ts'
import { readTextBody, sendJson } from '../exchange.ts'
import type { Handler, Route } from '../service.ts'

/** RFC 8935 section 2.4; whatever is not of these is `invalid_request`. */
const errors: Partial<Record<EvidenceFailure, string>> = {
  issuer_unknown: 'invalid_issuer',
  audience: 'invalid_audience',
  audience_many: 'invalid_audience',
  key_not_found: 'invalid_key',
  alg_refused: 'invalid_key',
  kid_missing: 'invalid_key',
  keys_unavailable: 'invalid_key',
  bad_signature: 'authentication_failed',
}

const postEvent: Handler = async (request, response, service) => {
  const compact = (await readTextBody(request, 'application/secevent+jwt')).trim()
  const tenants = peekAudiences(compact)
    .map((audience) => service.tenants.get(audience))
    .filter((tenant) => tenant !== undefined)
  const [tenant, second] = tenants
  const taken =
    tenant === undefined || second !== undefined
      ? ({ ok: false, failure: 'audience' } as const)
      : await takeSecurityEvent(compact, tenant)
  if (taken.ok) sendJson(request, response, 202, {})
  else {
    const err = errors[taken.failure] ?? 'invalid_request'
    const description = `The event is refused: ${taken.failure}.`
    sendJson(request, response, 400, { err, description }, { 'content-language': 'en' })
  }
}

export const securityEventRoute: Route = {
  method: 'post',
  path: '/v1/security-events',
  handler: postEvent,
  operation: {
    id: 'pushSecurityEvent',
    summary: 'Take in a security event (RFC 8935, OpenID CAEP 1.0); the body is the signed token',
    scope: null,
    status: 202,
    response: 'SecurityEventTaken',
    problems: [413, 415, 503],
  },
}
