// HTTP to the one URL that a person named: bounded, and never led elsewhere with the token that was given for it.

import type { FetchLike } from '@modelcontextprotocol/client'
import type { Allowance } from './allowance.ts'

export function boundedFetch(allowance: Allowance): FetchLike {
  return async (url, given) => {
    const signals = [allowance.signal, given?.signal].filter((one) => one instanceof AbortSignal)
    const reply = await fetch(url, {
      ...given,
      redirect: 'manual',
      signal: AbortSignal.any(signals),
    })
    if (reply.status >= 300 && reply.status < 400)
      throw new Error(`it leads to ${reply.headers.get('location') ?? 'elsewhere'}: name that URL`)
    if (reply.status >= 400) allowance.refusedWith = `HTTP ${String(reply.status)}`
    return reply.body === null ? reply : counted(reply, reply.body, allowance)
  }
}

function counted(
  reply: Response,
  body: NonNullable<Response['body']>,
  allowance: Allowance,
): Response {
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      if (allowance.take(chunk.byteLength)) controller.enqueue(chunk)
      else controller.error(allowance.signal.reason)
    },
  })
  const { status, statusText, headers } = reply
  return new Response(body.pipeThrough(counter), { status, statusText, headers })
}
