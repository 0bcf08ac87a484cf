/**
 * Asks a configured URL, with bounds on everything that the other side chooses: time, bytes, redirects,
 * addresses. It sends no cookie, asks no proxy, and sends only the credential that it was given.
 */
import { isIP } from 'node:net'
import { Agent, request, type Dispatcher } from 'undici'
import { isPublicAddress, lookupPublic } from './public-address.ts'

export type Bounds = {
  /** Until the first byte of the answer, and for all of it. */
  readonly milliseconds: number
  readonly bytes: number
}

export type Ask = {
  readonly url: string
  /** The host may have a private or loopback address, and may speak http. */
  readonly internal: boolean
  readonly headers: Readonly<Record<string, string>>
  readonly bounds: Bounds
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT'
  readonly body?: Uint8Array
  /** Ends the exchange early. */
  readonly signal?: AbortSignal
}

export type Answer = {
  readonly status: number
  /** A header that stands several times is joined by commas. */
  readonly header: (name: string) => string | null
  readonly bytes: Uint8Array
}

/** What is wrong with a configured URL, in words; null when it may be asked. */
export function faultOfUrl(text: string, internal: boolean): string | null {
  const url = URL.parse(text)
  if (url === null) return 'write an absolute URL'
  if (url.protocol !== 'https:' && !(internal && url.protocol === 'http:')) return 'use https'
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    return 'leave out user, password and fragment'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  return internal || isIP(host) === 0 || isPublicAddress(host)
    ? null
    : 'the address is not public: mark the entry internal if it is meant'
}

/**
 * The answer, whatever its status; a redirect is an answer and is not followed.
 *
 * @throws Error that says what went wrong, within the bound on time.
 */
export async function fetchBounded(ask: Ask): Promise<Answer> {
  const fault = faultOfUrl(ask.url, ask.internal)
  if (fault !== null) throw new Error(fault)
  const timeouts = { headersTimeout: ask.bounds.milliseconds, bodyTimeout: ask.bounds.milliseconds }
  const connect = ask.internal ? {} : { lookup: lookupPublic }
  const agent = new Agent({ connect, pipelining: 0, ...timeouts })
  try {
    return await receive(ask, agent)
  } finally {
    await agent.destroy()
  }
}

async function receive(ask: Ask, dispatcher: Dispatcher): Promise<Answer> {
  const timeout = AbortSignal.timeout(ask.bounds.milliseconds)
  const { statusCode, headers, body } = await request(ask.url, {
    dispatcher,
    method: ask.method ?? 'GET',
    signal: ask.signal === undefined ? timeout : AbortSignal.any([timeout, ask.signal]),
    headers: ask.headers,
    ...(ask.body === undefined ? {} : { body: ask.body }),
  })
  body.on('error', () => undefined)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > ask.bounds.bytes)
      throw new Error(`the answer has more than ${String(ask.bounds.bytes)} bytes`)
    chunks.push(chunk)
  }
  return {
    status: statusCode,
    header: (name) => {
      const value = headers[name]
      return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value
    },
    bytes: Buffer.concat(chunks),
  }
}
