/**
 * Why a caller was not authenticated: counted and told to the operator, never to the caller, who always
 * reads the same.
 */
import type { EvidenceFailure } from './reason-code.ts'

export const callerFailures = [
  /** No credential, or one that cannot be read. */
  'credential_missing',
  'credential_malformed',
  /** Two credentials, or a header twice. */
  'credential_many',
  /** Its audience names no tenant, or two. */
  'tenant_unknown',
  /** Nobody registered it. */
  'pep_unknown',
  /** A token of somebody else that was issued through the gateway's client. */
  'pep_subject',
  /** It proves itself in another way than it is registered for. */
  'pep_way',
  /** It was revoked: a stop of it stands. */
  'pep_revoked',
] as const

/** What is wrong with the credential itself has the code that any evidence has. */
export type CallerFailure = (typeof callerFailures)[number] | EvidenceFailure

/** What every caller reads who was not authenticated. */
export const refusedCredential = 'The credential is not one that this service accepts.'

/** The cause of a refusal, for the operator. */
export class CallerRefusal extends Error {
  readonly failure: CallerFailure
  /** Of the tenant that the credential is for; null when it names none. */
  readonly tenant: string | null
  /** A nonce that its next proof must name. */
  readonly nonce: string | null

  constructor(failure: CallerFailure, tenant: string | null = null, nonce: string | null = null) {
    super(failure)
    this.name = 'CallerRefusal'
    this.failure = failure
    this.tenant = tenant
    this.nonce = nonce
  }
}
