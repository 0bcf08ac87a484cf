/**
 * Stable codes of denials that do not come from a rule: broken evidence, broken facts, a broken engine.
 *
 * A rule's code stands in its METADATA. Codes are never reused.
 */

/** What can be wrong with one piece of evidence; each check of the token pipeline has its own. */
export const evidenceFailures = [
  'malformed',
  'too_large',
  'wrong_type',
  'alg_refused',
  'header_refused',
  'kid_missing',
  'issuer_unknown',
  'issuer_scope',
  'untrusted_domain',
  'untrusted_domain_key',
  'keys_unavailable',
  'key_not_found',
  'bad_signature',
  'duplicate_member',
  'bad_claim',
  'bad_identifier',
  'audience',
  'audience_many',
  'expired',
  'not_yet_valid',
  'lifetime',
  'chain_too_deep',
  'chain_loop',
  'chain_issuer',
  'chain_not_allowed',
  'id_token',
  'subject_is_pep',
  'pop_missing',
  'pop_unexpected',
  'pop_key',
  'pop_target',
  'bad_cnf',
  'alg_mismatch',
  'wth',
  'ath',
  'tth',
  'oth',
  'nonce',
  'request_digest',
  'certificate_missing',
  'certificate_mismatch',
  'certificate_profile',
  'certificate_constraint',
  'path_too_long',
  'path_broken',
  'certificate_name',
  'pin_missing',
  'pin_name',
  'pin_key',
  'replay',
  'replay_store_full',
  'revoked',
  'suspended',
  'status_unavailable',
  'proof_many',
  'session_unknown',
  'session_ended',
  'agent_unavailable',
  'agent_document',
  'claim_mismatch',
  'server_unknown',
] as const
export type EvidenceFailure = (typeof evidenceFailures)[number]

/** The slot of the query that a piece of evidence stands in. */
export type EvidenceSlot = 'initiator' | 'server' | 'grant'

export const engineFaults = [
  'engine.no_policy',
  'engine.timeout',
  'engine.memory',
  'engine.trap',
  'engine.undefined',
  'engine.malformed',
  'engine.too_large',
  'engine.unavailable',
] as const
export type EngineFault = (typeof engineFaults)[number]

/** What a kill switch was set for; `meanwhile`: one was set while the question was being judged. */
export const stoppedKinds = [
  'tenant',
  'server',
  'agent',
  'initiator',
  'capability',
  'pep',
  'meanwhile',
] as const

/** A fact that is needed and is not to be had. */
export type GapCode =
  | `${EvidenceSlot}.${EvidenceFailure}`
  | `stop.${(typeof stoppedKinds)[number]}`
  | 'purpose.wider_than_parent'
  | 'purpose.chain_too_long'
  | 'purpose.spent_meanwhile'
  | 'purpose.standing_many'
  | 'approval.used'
  | 'approval.meanwhile'
  | 'approval.too_many'
  | 'approval.store_full'
  | 'workflow.meanwhile'
  | 'workflow.answered'
  | 'leaf.too_large'
  | 'policy.stale'
  | 'log.unwitnessed'

export type Gap = { readonly code: GapCode; readonly params: Record<string, unknown> }
