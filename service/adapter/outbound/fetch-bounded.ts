/**
 * Asks a configured URL, with bounds on everything that the other side chooses: time, bytes, redirects,
 * addresses. It sends no cookie, asks no proxy, and sends only the credential that it was given.
 */
import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import type { PeerCertificate } from 'node:tls'
import { Agent, request, type Dispatcher } from 'undici'
import { isPublicAddress, lookupPublic } from './public-address.ts'

export type Bounds = {
  /** Until the first byte of the answer, and for all of it. */
  readonly milliseconds: number
  readonly bytes: number
}

/** Whom a host must prove to be, where the public web is not asked. */
export type TlsTrust = {
  /** PEM: what its certificate must chain to, and nothing else. */
  readonly ca: readonly string[]
  /** Says what is wrong with a certificate that chains; left out: it must name the host. */
  readonly check?: (certificate: X509Certificate) => string | null
}

export type Ask = {
  readonly url: string
  /** The host may have a private or loopback address, and may speak http. */
  readonly internal: boolean
  /** Left out: the public authorities that Node trusts, and the name of the host. */
  readonly tls?: TlsTrust
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
  const connect = {
    ...(ask.internal ? {} : { lookup: lookupPublic }),
    ...(ask.tls === undefined ? {} : trusting(ask.tls)),
  }
  const agent = new Agent({ connect, pipelining: 0, ...timeouts })
  try {
    return await receive(ask, agent)
  } finally {
    await agent.destroy()
  }
}

/** A session that is resumed would not be checked again, so none is kept. */
function trusting({ ca, check }: TlsTrust): object {
  if (ca.length === 0) throw new Error('there is no authority that could vouch for the host')
  return {
    ca: [...ca],
    maxCachedSessions: 0,
    ...(check === undefined
      ? {}
      : {
          checkServerIdentity: (_host: string, { raw }: PeerCertificate) => {
            const fault = check(new X509Certificate(raw))
            return fault === null ? undefined : new Error(fault)
          },
        }),
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
