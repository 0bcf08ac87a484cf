/**
 * Input in the modern era (2026-07-28): a server asks in the result of a call, and the client answers
 * by calling again. Nothing on that wire joins the two rounds, so the gateway's sealed state does.
 */
import { decideRequest, settle, type Call, type Desk } from './call.ts'
import { inputOf, ruleAnswered, ruleAsked } from './input.ts'
import { objectOf, type JsonObject, type Request, type RpcError } from './message.ts'
import type { AskedInput, RoundState } from './sealed-state.ts'

export type Admission = { readonly forward: Request } | { readonly error: RpcError }

const stateMilliseconds = 10 * 60 * 1000

/** May this call go to the server, with the answers that it carries? */
export async function admit(desk: Desk, call: Call): Promise<Admission> {
  const { inputResponses, requestState } = call.request.params ?? {}
  if (inputResponses === undefined && requestState === undefined) {
    const error = await decideRequest(desk, call, 0)
    return error === null ? { forward: call.request } : { error }
  }
  const state = desk.sealer.open(requestState, call.digest, Date.now())
  if (state === null) return { error: refusal('The requestState is not one of this call') }
  const error = await decideRequest(desk, call, state.round)
  if (error !== null) return { error }
  const answered = await admitAnswers(desk, call, state, objectOf(inputResponses) ?? {})
  if ('error' in answered) {
    await settle(desk, call, { status: 'suppressed' })
    return answered
  }
  return { forward: retryOf(call, state, answered.answers) }
}

/** The call as the server is to see it: with the decided answers, and its own state again. */
function retryOf({ request }: Call, { inner }: RoundState, inputResponses: JsonObject): Request {
  const { requestState: _sealed, ...params } = request.params ?? {}
  const state = inner === undefined ? {} : { requestState: inner }
  return { ...request, params: { ...params, inputResponses, ...state } }
}

/** Nothing goes to a server that it did not ask for, and nothing that was not decided. */
async function admitAnswers(
  desk: Desk,
  call: Call,
  state: RoundState,
  responses: JsonObject,
): Promise<{ readonly answers: JsonObject } | { readonly error: RpcError }> {
  const answers: Record<string, JsonObject> = {}
  for (const [key, value] of Object.entries(responses)) {
    const asked = state.asked.find(({ input }) => input.key === key)
    const answer = objectOf(value)
    if (asked === undefined || answer === null)
      return { error: refusal(`Nothing was asked as ${key}`) }
    const ruling = await ruleAnswered(desk.ask, call.caller, asked.input, asked.decision, answer)
    if (!ruling.pass) return { error: ruling.error }
    call.passed.push(ruling.answer)
    answers[key] = ruling.content
  }
  return { answers }
}

/** May the client be asked what this `input_required` result asks? One that may not refuses them all. */
export async function admitAsked(
  desk: Desk,
  call: Call,
  result: JsonObject,
  round: number,
): Promise<{ readonly result: JsonObject } | { readonly error: RpcError }> {
  const asked: AskedInput[] = []
  const inputRequests: Record<string, JsonObject> = {}
  for (const [key, value] of Object.entries(objectOf(result['inputRequests']) ?? {})) {
    const input = inputOf(objectOf(value), { key, round, version: call.protocol.version })
    if (input === null) return { error: refusal(`The server asked something unknown as ${key}`) }
    const ruling = await ruleAsked(desk.ask, call.caller, input)
    if (!ruling.pass) return { error: ruling.error }
    call.passed.push(ruling.answer)
    asked.push({ input, decision: ruling.answer.decision_id })
    inputRequests[key] = { method: input.method, params: ruling.content }
  }
  const requestState = desk.sealer.seal({
    call: call.digest,
    round: round + 1,
    asked,
    inner: result['requestState'],
    expires: Date.now() + stateMilliseconds,
  })
  return { result: { ...result, inputRequests, requestState } }
}

/** The round that a request is in: 0 unless it brings back a state of this gateway. */
export function roundOf(desk: Desk, call: Call): number {
  return (
    desk.sealer.open(call.request.params?.['requestState'], call.digest, Date.now())?.round ?? 0
  )
}

function refusal(message: string): RpcError {
  return { code: -32602, message }
}
