/** What a server answers to a call, before it goes back to the client. */
import { decideResult, settle, settleExecuted, type Call, type Desk } from './call.ts'
import {
  errorMessage,
  resultMessage,
  type JsonObject,
  type Response,
  type RpcError,
} from './message.ts'
import { admitAsked, roundOf } from './rounds.ts'

export async function release(desk: Desk, call: Call, response: Response): Promise<Response> {
  const { id, result, error } = response
  if (result === undefined) {
    await settle(desk, call, { status: 'failed' })
    // Without its `data`: there the legacy era hides requests for input (-32042), which nobody decided.
    return errorMessage(id, { code: error?.code ?? -32603, message: error?.message ?? 'Failed' })
  }
  const released = await releaseResult(desk, call, result)
  return 'error' in released ? errorMessage(id, released.error) : resultMessage(id, released.result)
}

type Released = { readonly result: JsonObject } | { readonly error: RpcError }

async function releaseResult(desk: Desk, call: Call, result: JsonObject): Promise<Released> {
  const type = result['resultType'] ?? 'complete'
  if (type === 'complete') return decideResult(desk, call, result)
  await settleExecuted(desk, call, result)
  if (type !== 'input_required') {
    return { error: { code: -32001, message: 'The gateway does not pass results of this type' } }
  }
  const released = await admitAsked(desk, call, result, roundOf(desk, call))
  await settle(desk, call, { status: 'error' in released ? 'suppressed' : 'executed' })
  return released
}
