/**
 * Input in the legacy era (2025-11-25 and before): a server sends requests of its own on the event
 * stream, and the client posts its answers as responses.
 */
import type { Caller } from './ask.ts'
import type { Desk } from './call.ts'
import { inputOf, ruleAnswered, ruleAsked, type Input } from './input.ts'
import { errorMessage, resultMessage, type Request, type Response } from './message.ts'

/** A request of the server that the client has been given and has not answered. */
type Pending = { readonly input: Input; readonly caller: string; readonly decision: string }

/** `<session> <id>` -> what waits for its answer. */
export type PendingAsks = Map<string, Pending>

/** Where a message travels. */
export type Channel = {
  readonly session: string
  readonly caller: Caller
  readonly version: string
}

/** Either the client is asked, or the server is told no. */
export type Relayed = { readonly toClient: Request } | { readonly toServer: Response }

export async function relayAsk(
  desk: Desk,
  pending: PendingAsks,
  request: Request,
  { session, caller, version }: Channel,
): Promise<Relayed> {
  const input = inputOf(request, { key: String(request.id), round: 0, version })
  if (input === null) {
    const error = { code: -32601, message: `The gateway does not pass ${request.method}` }
    return { toServer: errorMessage(request.id, error) }
  }
  const ruling = await ruleAsked(desk.ask, caller, input)
  if (!ruling.pass) return { toServer: errorMessage(request.id, ruling.error) }
  const decision = ruling.answer.decision_id
  pending.set(`${session} ${input.key}`, { input, caller: caller.key, decision })
  await desk.ask.settle([ruling.answer], { status: 'executed' })
  return { toClient: { ...request, params: ruling.content } }
}

/** @returns what goes to the server; null when nothing was asked of this caller under this id. */
export async function relayAnswer(
  desk: Desk,
  pending: PendingAsks,
  response: Response,
  { session, caller }: Channel,
): Promise<Response | null> {
  const key = `${session} ${String(response.id)}`
  const asked = pending.get(key)
  if (asked?.caller !== caller.key) return null
  pending.delete(key)
  if (response.result === undefined) {
    // Only that it was refused: a free text of the client is nothing that was decided.
    return errorMessage(response.id, { code: response.error?.code ?? -32603, message: 'Refused' })
  }
  const ruling = await ruleAnswered(desk.ask, caller, asked.input, asked.decision, response.result)
  if (!ruling.pass) return errorMessage(response.id, ruling.error)
  await desk.ask.settle([ruling.answer], { status: 'executed' })
  return resultMessage(response.id, ruling.content)
}
