/**
 * A small policy enforcement point for MCP over Streamable HTTP, both eras: the pattern to copy.
 *
 * It stands between clients and one server, asks the PDP at every control point and passes only what
 * was permitted. What is asked it reads from bodies, never from headers; a client's token is never
 * handed on to the server; and whatever it does not know it refuses.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { listen, type Listener } from '../listen.ts'
import { createAsk, type Asked, type Served } from './ask.ts'
import { relayAnswer, relayAsk, type Channel, type PendingAsks } from './asks.ts'
import { callOf, settle, type Call, type Desk } from './call.ts'
import { channelOf, forwardedHeaders, returnedHeaders } from './headers.ts'
import * as rpc from './message.ts'
import type { PdpClient } from './pdp-client.ts'
import { release } from './release.ts'
import { admit } from './rounds.ts'
import { createSealer } from './sealed-state.ts'
import { eventOf, readEvents } from './stream.ts'

export type GatewaySettings = {
  readonly served: Served
  readonly pdp: PdpClient
  /** Sees every question and what became of it. */
  readonly observe: (asked: Asked) => void
}

type Gateway = {
  readonly served: Served
  readonly desk: Desk
  readonly pending: PendingAsks
  /** Legacy session -> who opened it; for anyone else it does not exist. */
  readonly sessions: Map<string, string>
}

/** One HTTP exchange with a client; `call` is the request that it carries, if it does. */
type Exchange = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly channel: Channel
  readonly call: Call | null
}

export function startGateway({ served, pdp, observe }: GatewaySettings): Promise<Listener> {
  const ask = createAsk(served, pdp, observe)
  const desk: Desk = { ask, sealer: createSealer(), definitions: new Map() }
  const gateway: Gateway = { served, desk, pending: new Map(), sessions: new Map() }
  return listen(async (request, response) => {
    const channel = channelOf(request)
    const exchange: Exchange = { request, response, channel, call: null }
    const isStrange = gateway.sessions.get(channel.session) !== channel.caller.key
    if (channel.session !== '' && isStrange) response.writeHead(404).end()
    else if (request.method === 'POST') await receive(gateway, exchange)
    else await giveBack(gateway, exchange, await forward(gateway, exchange, null))
  })
}

async function receive(gateway: Gateway, exchange: Exchange): Promise<void> {
  const message = rpc.parseMessage(await text(exchange.request))
  if (rpc.isRequest(message)) {
    await serve(gateway, exchange, message)
  } else if (rpc.isNotification(message)) {
    await giveBack(gateway, exchange, await forward(gateway, exchange, message))
  } else {
    const answer = await relayAnswer(gateway.desk, gateway.pending, message, exchange.channel)
    if (answer === null) exchange.response.writeHead(404).end()
    else await giveBack(gateway, exchange, await forward(gateway, exchange, answer))
  }
}

async function serve(gateway: Gateway, exchange: Exchange, request: rpc.Request): Promise<void> {
  const { response, channel } = exchange
  if (request.method === 'ping') {
    reply(response, rpc.resultMessage(request.id, {}))
    return
  }
  const call = callOf(gateway.desk, request, channel.caller, channel.version)
  if (call === null) {
    reply(response, refusal(request.id, -32601, `The gateway does not pass ${request.method}`))
    return
  }
  const admission = await admit(gateway.desk, call)
  if ('error' in admission) {
    reply(response, rpc.errorMessage(request.id, admission.error))
    return
  }
  try {
    const answer = await forward(gateway, exchange, admission.forward)
    await giveBack(gateway, { ...exchange, call }, answer)
  } catch {
    await settle(gateway.desk, call, { status: 'failed' })
    if (response.headersSent) response.end()
    else reply(response, refusal(request.id, -32603, 'The server cannot be reached'))
  }
}

/** Sends the server what was let pass; ends when the client goes away. */
function forward(
  gateway: Gateway,
  exchange: Exchange,
  message: rpc.Message | null,
): Promise<Response> {
  const { request, response } = exchange
  const gone = new AbortController()
  response.on('close', () => {
    gone.abort()
  })
  return fetch(gateway.served.url, {
    method: request.method ?? 'GET',
    headers: forwardedHeaders(request),
    body: message === null ? null : JSON.stringify(message),
    redirect: 'error',
    signal: gone.signal,
  })
}

/** Gives the client what the server answers, message by message, as far as it may pass. */
async function giveBack(gateway: Gateway, exchange: Exchange, answer: Response): Promise<void> {
  const { response } = exchange
  const type = answer.headers.get('content-type') ?? ''
  const headers = returnedHeaders(answer)
  rememberSession(gateway, exchange, headers['mcp-session-id'])
  if (answer.body !== null && type.startsWith('text/event-stream')) {
    response.writeHead(answer.status, { ...headers, 'content-type': 'text/event-stream' })
    response.flushHeaders()
    for await (const message of readEvents(answer.body)) {
      const passed = await passToClient(gateway, exchange, message)
      if (passed !== null) response.write(eventOf(passed))
    }
    response.end()
    return
  }
  const body = type.startsWith('application/json') ? await answer.text() : ''
  const passed = body === '' ? null : await passToClient(gateway, exchange, rpc.parseMessage(body))
  if (passed === null) response.writeHead(answer.status, headers).end()
  else reply(response, passed, answer.status, headers)
}

function rememberSession(gateway: Gateway, { call, channel }: Exchange, session = ''): void {
  const isNew = call?.request.method === 'initialize' && !gateway.sessions.has(session)
  if (isNew) gateway.sessions.set(session, channel.caller.key)
}

/** @returns what of the server's message goes to the client; null for nothing. */
async function passToClient(
  gateway: Gateway,
  exchange: Exchange,
  message: rpc.Message,
): Promise<rpc.Message | null> {
  const { channel, call } = exchange
  if (rpc.isNotification(message)) return message
  if (!rpc.isRequest(message)) {
    return message.id === call?.request.id ? release(gateway.desk, call, message) : null
  }
  const relayed = await relayAsk(gateway.desk, gateway.pending, message, channel)
  if ('toClient' in relayed) return relayed.toClient
  await fetch(gateway.served.url, {
    method: 'POST',
    headers: { ...forwardedHeaders(exchange.request), 'content-type': 'application/json' },
    body: JSON.stringify(relayed.toServer),
    redirect: 'error',
  })
  return null
}

function refusal(id: rpc.Id, code: number, message: string): rpc.Response {
  return rpc.errorMessage(id, { code, message })
}

function reply(
  response: ServerResponse,
  message: rpc.Message,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json' })
  response.end(JSON.stringify(message))
}
