/**
 * The one error class, and the closed union of its codes.
 *
 * An error means that no decision exists: the gateway must deny. `http/problem.ts` is the only place
 * that maps a code to its public form; a cause never leaves the process.
 */
export const errorCodes = [
  // The request cannot be read.
  'malformed_json',
  'duplicate_member',
  'lone_surrogate',
  'unsafe_integer',
  'forbidden_member',
  'too_deep',
  'too_many_members',
  'body_too_large',
  'media_type',
  'invalid_request',
  'method_not_allowed',
  // The caller.
  'unauthenticated',
  'scope_missing',
  'cross_site',
  // What is asked for does not exist or contradicts what exists.
  'not_found',
  'request_id_reused',
  'outcome_conflict',
  'policy_conflict',
  'approval_over',
  'vote_conflict',
  'vote_refused',
  'voter_unproven',
  'key_conflict',
  'stopped',
  'too_many_sessions',
  'too_many_grants',
  'grant_over',
  // We cannot answer now.
  'audit_unavailable',
  'not_ready',
  'overloaded',
  'internal',
  // Start-up and tools.
  'config_invalid',
  'log_locked',
  'log_corrupt',
  'bundle_refused',
  'part_missing',
  'usage',
] as const
export type ErrorCode = (typeof errorCodes)[number]

/** One place in a request that is wrong: a JSON Pointer (RFC 6901) and what to change. */
export type Fault = { readonly pointer: string; readonly reason: string }

export class PdpError extends Error {
  readonly code: ErrorCode
  /** Faults that may be shown to the caller. */
  readonly faults: readonly Fault[]

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly faults?: readonly Fault[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'PdpError'
    this.code = code
    this.faults = options.faults ?? []
  }
}
