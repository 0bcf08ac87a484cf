/**
 * The door of every request body: strict JSON, its schema, and what one member demands of another.
 *
 * What comes out is exactly what the corridors may rely on.
 */
import { ApprovalCancel, VoteRequest } from './approval.ts'
import { parseStrictJson } from './strict-json.ts'
import { PdpError, type Fault } from './error-code.ts'
import { limits } from './limits.ts'
import { Outcome } from './outcome.ts'
import { PolicyChange } from './policy-state.ts'
import { contradictions } from './query-demand.ts'
import { ProofSessionRequest } from './proof-session.ts'
import { Query, QueryBatch } from './query.ts'
import { ErasureRequest } from './erasure.ts'
import { KeyRevocationRequest, KeyRotationRequest } from './signing-key.ts'
import { GrantRequest, GrantRevocationRequest } from './grant-request.ts'
import { StopLift, StopRequest } from './stop.ts'
import { compileChecker, type Checked } from './validate.ts'

const checkShape = compileChecker(Query)
const checkBatchShape = compileChecker(QueryBatch)
const checkVoteShape = compileChecker(VoteRequest)
const checkCancelShape = compileChecker(ApprovalCancel)
const checkOutcomeShape = compileChecker(Outcome)
const checkChangeShape = compileChecker(PolicyChange)
const checkStopShape = compileChecker(StopRequest)
const checkSessionShape = compileChecker(ProofSessionRequest)
const checkErasureShape = compileChecker(ErasureRequest)
const checkGrantShape = compileChecker(GrantRequest)
const checkGrantEndShape = compileChecker(GrantRevocationRequest)
const checkLiftShape = compileChecker(StopLift)
const checkRotationShape = compileChecker(KeyRotationRequest)
const checkRevocationShape = compileChecker(KeyRevocationRequest)

/** @throws PdpError `invalid_request`, or what `parseStrictJson` refuses. */
export function parseQuery(bytes: Uint8Array): Query {
  return checkQuery(parseBody(bytes), '')
}

/** @throws PdpError as `parseQuery`; each pointer starts at the batch. */
export function parseBatch(bytes: Uint8Array): QueryBatch {
  const batch = valueOf(checkBatchShape(parseBody(bytes)), '')
  refuseAny(
    batch.queries.flatMap((query, index) => contradictions(query, `/queries/${String(index)}`)),
  )
  return batch
}

/** @throws PdpError as `parseQuery`. */
export function parseOutcome(bytes: Uint8Array): Outcome {
  return valueOf(checkOutcomeShape(parseBody(bytes)), '')
}

/** @throws PdpError as `parseQuery`. */
export function parseVote(bytes: Uint8Array): VoteRequest {
  return valueOf(checkVoteShape(parseBody(bytes)), '')
}

/** @throws PdpError as `parseQuery`. */
export function parseApprovalCancel(bytes: Uint8Array): ApprovalCancel {
  return valueOf(checkCancelShape(parseBody(bytes)), '')
}

/** @throws PdpError as `parseQuery`. */
export function parsePolicyChange(bytes: Uint8Array): PolicyChange {
  return valueOf(checkChangeShape(parseBody(bytes)), '')
}

/** @throws PdpError as `parseQuery`. */
export function parseStopRequest(bytes: Uint8Array): StopRequest {
  return valueOf(checkStopShape(parseBody(bytes)), '')
}

/** @throws PdpError as `parseQuery`. */
export function parseStopLift(bytes: Uint8Array): StopLift {
  return valueOf(checkLiftShape(parseBody(bytes)), '')
}

/** @throws PdpError as `parseQuery`. */
export function parseErasureRequest(bytes: Uint8Array): ErasureRequest {
  return valueOf(checkErasureShape(parseBody(bytes)), '')
}

/** @throws PdpError as `parseQuery`. */
export function parseKeyRotationRequest(bytes: Uint8Array): KeyRotationRequest {
  return valueOf(checkRotationShape(parseBody(bytes)), '')
}

/** @throws PdpError as `parseQuery`. */
export function parseKeyRevocationRequest(bytes: Uint8Array): KeyRevocationRequest {
  return valueOf(checkRevocationShape(parseBody(bytes)), '')
}

/** @throws PdpError as `parseQuery`. */
export function parseProofSessionRequest(bytes: Uint8Array): ProofSessionRequest {
  return valueOf(checkSessionShape(parseBody(bytes)), '')
}

/** @throws PdpError as `parseQuery`. */
export function parseGrantRequest(bytes: Uint8Array): GrantRequest {
  const request = valueOf(checkGrantShape(parseBody(bytes)), '')
  const { capabilities, data, sampling } = request
  // A UTF-16 unit is at most three bytes of UTF-8.
  const isTooLarge = JSON.stringify([capabilities, data, sampling]).length * 3 > limits.grantBytes
  if (isTooLarge)
    throw refusal([
      { pointer: '/capabilities', reason: 'with `data` they are too much: name fewer' },
    ])
  return request
}

/** @throws PdpError as `parseQuery`. */
export function parseGrantRevocation(bytes: Uint8Array): GrantRevocationRequest {
  return valueOf(checkGrantEndShape(parseBody(bytes)), '')
}

/** @throws PdpError as `parseQuery`, when the body is not an object. */
export function parseJsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const value = parseBody(bytes)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>
  }
  throw refusal([{ pointer: '', reason: 'must be object' }])
}

/**
 * A query that lies inside another message.
 *
 * @param at the pointer of the query in that message.
 * @throws PdpError `invalid_request`.
 */
export function checkQuery(value: unknown, at: string): Query {
  const query = valueOf(checkShape(value), at)
  refuseAny(contradictions(query, at))
  return query
}

function parseBody(bytes: Uint8Array): unknown {
  return parseStrictJson(bytes, { depth: limits.jsonDepth, members: limits.jsonMembers })
}

function valueOf<T>(checked: Checked<T>, at: string): T {
  if (checked.ok) return checked.value
  throw refusal(checked.faults.map(({ pointer, reason }) => ({ pointer: at + pointer, reason })))
}

function refuseAny(faults: readonly Fault[]): void {
  if (faults.length > 0) throw refusal(faults)
}

function refusal(faults: readonly Fault[]): PdpError {
  const detail = faults.map(
    ({ pointer, reason }) => `${pointer === '' ? 'the body' : pointer}: ${reason}`,
  )
  return new PdpError('invalid_request', `${detail.join('; ')}.`, { faults })
}
