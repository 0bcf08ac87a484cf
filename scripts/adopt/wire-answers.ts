// Results as they came over the wire, each found by the request that it answers: what a server sends beside them
// stands for nothing.

import type { Transport } from '@modelcontextprotocol/client'
import { objectOf, type JsonObject } from '../../service/decision/json-value.ts'

export interface Answers {
  /** The result of the last request with this method; null before it came. */
  readonly lastTo: (method: string) => JsonObject | null
}

/** Call it before the transport is given to a client. */
export function answersOf(transport: Transport): Answers {
  const asked = new Map<unknown, string>()
  const results = new Map<string, JsonObject>()
  const send = transport.send.bind(transport)
  transport.send = async (message, options) => {
    if ('method' in message && 'id' in message) {
      asked.set(message.id, message.method)
      results.delete(message.method)
    }
    await send(message, options)
  }
  let given: Transport['onmessage']
  const seen: NonNullable<Transport['onmessage']> = (message, extra) => {
    const method = 'id' in message ? asked.get(message.id) : undefined
    if (method !== undefined && 'result' in message) {
      asked.delete(message.id)
      const result = objectOf(structuredClone(message.result))
      if (result !== null) results.set(method, result)
    }
    given?.(message, extra)
  }
  Object.defineProperty(transport, 'onmessage', {
    get: () => (given === undefined ? undefined : seen),
    set: (next: Transport['onmessage']) => {
      given = next
    },
  })
  return { lastTo: (method) => results.get(method) ?? null }
}
