/** One request of a client: decided before it goes to the server, and again before its result comes back. */
import type { DecisionAnswer } from '../../../service/contract/decision.ts'
import type { Outcome } from '../../../service/contract/outcome.ts'
import type { Query } from '../../../service/contract/query.ts'
import { digestOf } from '../../../service/statement/digest.ts'
import type { Ask, Caller } from './ask.ts'
import { capabilityOf, pointOf, rememberDefinitions, type ControlPoint } from './control-points.ts'
import { objectOf, type JsonObject, type Request, type RpcError } from './message.ts'
import type { Sealer } from './sealed-state.ts'

/** What every call of one gateway shares. */
export type Desk = {
  readonly ask: Ask
  readonly sealer: Sealer
  /** `<kind> <name>` -> the definition as the server last listed it. */
  readonly definitions: Map<string, JsonObject>
}

/** A request that is being served. */
export type Call = {
  readonly request: Request
  readonly caller: Caller
  readonly point: ControlPoint
  readonly capability: Query['capability']
  readonly protocol: Query['protocol']
  /** Tells this call from every other, whatever its round. */
  readonly digest: string
  /** Decisions that let something pass and are not yet settled. */
  readonly passed: DecisionAnswer[]
}

/** @returns null for a method that the gateway does not know. */
export function callOf(
  desk: Desk,
  request: Request,
  caller: Caller,
  version: string | undefined,
): Call | null {
  const point = pointOf(request.method)
  if (point === null) return null
  const { inputResponses: _answers, requestState: _state, _meta, ...params } = request.params ?? {}
  return {
    request,
    caller,
    point,
    capability: capabilityOf(point.kind, params, desk.definitions),
    protocol: protocolOf(request, version),
    digest: digestOf('content', [caller.key, request.method, params]),
    passed: [],
  }
}

/** May it go to the server? @returns why not. */
export async function decideRequest(
  desk: Desk,
  call: Call,
  round: number,
): Promise<RpcError | null> {
  if (!call.point.phases.includes('request')) return null
  const { capability, protocol } = call
  const question = { phase: 'request' as const, capability, protocol, workflow: { round } }
  const ruling = await desk.ask.rule(call.caller, question, {})
  if (!ruling.pass) return ruling.error
  call.passed.push(ruling.answer)
  return null
}

/** May this come back? @returns what is left of the result, or why not. */
export async function decideResult(
  desk: Desk,
  call: Call,
  result: JsonObject,
): Promise<{ readonly result: JsonObject } | { readonly error: RpcError }> {
  if (call.point.kind === 'list') rememberDefinitions(desk.definitions, result)
  await settleExecuted(desk, call, result)
  if (!call.point.phases.includes('result')) return { result }
  const { capability, protocol } = call
  const question = { phase: 'result' as const, capability, protocol, result }
  const ruling = await desk.ask.rule(call.caller, question, result)
  if (!ruling.pass) return { error: ruling.error }
  await desk.ask.settle([ruling.answer], { status: 'executed' })
  return { result: ruling.content }
}

/** The server has done it, whatever comes back of it. */
export async function settleExecuted(desk: Desk, call: Call, result: JsonObject): Promise<void> {
  await settle(desk, call, {
    status: 'executed',
    executed_digest: digestOf('arguments', call.capability.arguments ?? {}),
    result_digest: digestOf('content', result),
    is_error: result['isError'] === true,
  })
}

/** Joins to each decision what became of it; each is settled once. */
export async function settle(desk: Desk, call: Call, outcome: Outcome): Promise<void> {
  await desk.ask.settle(call.passed.splice(0), outcome)
}

const envelope = 'io.modelcontextprotocol'

/** The body's own word comes before the HTTP header. */
function protocolOf({ method, params }: Request, version: string | undefined): Query['protocol'] {
  const meta = objectOf(params?.['_meta'])
  const stated = meta?.[`${envelope}/protocolVersion`] ?? params?.['protocolVersion'] ?? version
  const capabilities = objectOf(
    meta?.[`${envelope}/clientCapabilities`] ?? params?.['capabilities'],
  )
  return {
    version: typeof stated === 'string' ? stated : 'unknown',
    method,
    ...(capabilities === null ? {} : { client_capabilities: capabilities }),
  }
}
