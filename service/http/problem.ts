/**
 * The one place that maps an error to its public form (RFC 9457).
 *
 * An unknown error is internal and says nothing of its cause. Whatever is answered from here means
 * that no decision exists: the gateway must deny.
 */
import { PdpError, type ErrorCode } from '../contract/error-code.ts'
import type { Problem } from '../contract/problem.ts'

const forms: Readonly<Record<ErrorCode, readonly [status: number, title: string]>> = {
  malformed_json: [400, 'The body is not JSON'],
  duplicate_member: [400, 'A member name stands twice'],
  lone_surrogate: [400, 'A text holds a lone surrogate'],
  unsafe_integer: [400, 'A number cannot be represented exactly'],
  forbidden_member: [400, 'A member name is not allowed'],
  too_deep: [400, 'The body is nested too deep'],
  too_many_members: [400, 'The body has too many members'],
  body_too_large: [413, 'The body is too large'],
  media_type: [415, 'The body must be application/json'],
  invalid_request: [400, 'The request does not match its schema'],
  method_not_allowed: [405, 'The method is not allowed here'],
  unauthenticated: [401, 'The caller is not authenticated'],
  scope_missing: [403, 'The credential lacks a scope'],
  cross_site: [403, 'The request did not come from this console'],
  not_found: [404, 'Not found'],
  request_id_reused: [409, 'The request_id was used for another question'],
  outcome_conflict: [409, 'Another outcome was reported for this decision'],
  policy_conflict: [409, 'The policy cannot be changed so'],
  approval_over: [409, 'The approval is over'],
  vote_conflict: [409, 'This person has voted otherwise'],
  vote_refused: [403, 'This person may not vote here'],
  voter_unproven: [403, 'The voter is not proved'],
  key_conflict: [409, 'The keys cannot be changed so'],
  stopped: [403, 'A stop stands'],
  too_many_sessions: [429, 'Too many proof sessions stand'],
  too_many_grants: [429, 'Too many purpose grants stand'],
  grant_over: [409, 'The purpose grant is over'],
  audit_unavailable: [503, 'The log cannot take an entry; no decision exists'],
  not_ready: [503, 'The service is not ready'],
  overloaded: [503, 'The service has too much to do'],
  internal: [500, 'An internal error; no decision exists'],
  config_invalid: [500, 'The configuration is not valid'],
  log_locked: [500, 'The log is in use by another process'],
  log_corrupt: [500, 'The log is damaged'],
  bundle_refused: [500, 'The bundle is refused'],
  part_missing: [500, 'A tool is missing'],
  usage: [400, 'The command was not understood'],
}

export function problemOf(error: unknown): Problem {
  if (!(error instanceof PdpError)) return render('internal', null, [])
  const { code } = error
  const isPublic = forms[code][0] < 500
  return render(code, isPublic ? error.message : null, isPublic ? error.faults : [])
}

function render(code: ErrorCode, detail: string | null, faults: PdpError['faults']): Problem {
  const [status, title] = forms[code]
  return {
    type: `urn:countersign:problem:${code}`,
    title,
    status,
    code,
    ...(detail === null || detail === '' ? {} : { detail }),
    ...(faults.length === 0 ? {} : { errors: faults.map((fault) => ({ ...fault })) }),
  }
}
