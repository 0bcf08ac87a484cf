/**
 * Fetches a key set from a configured URL, with bounds on everything that the other side chooses: time,
 * bytes, redirects, addresses. It sends no cookie and no credential, and asks no proxy.
 */
import { isIP } from 'node:net'
import { Agent, request, type Dispatcher } from 'undici'
import { limits } from '../../contract/limits.ts'
import { isPublicAddress, lookupPublic } from './public-address.ts'

export type Fetched = {
  readonly bytes: Uint8Array
  /** `max-age` of Cache-Control in seconds; null where there is none. */
  readonly maxAgeSeconds: number | null
}

export type FetchBounds = { readonly milliseconds: number; readonly bytes: number }

const usual: FetchBounds = { milliseconds: limits.keySetMilliseconds, bytes: limits.keySetBytes }

/** What is wrong with a configured URL, in words; null when it may be fetched. */
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
 * @param internal the host may have a private or loopback address, and may speak http.
 * @throws Error that says what went wrong, within the bound on time.
 */
export async function fetchKeySet(
  url: string,
  internal: boolean,
  bounds: FetchBounds = usual,
): Promise<Fetched> {
  const fault = faultOfUrl(url, internal)
  if (fault !== null) throw new Error(fault)
  const agent = new Agent({ connect: internal ? {} : { lookup: lookupPublic }, pipelining: 0 })
  try {
    return await receive(url, agent, bounds)
  } finally {
    await agent.destroy()
  }
}

async function receive(url: string, dispatcher: Dispatcher, bounds: FetchBounds): Promise<Fetched> {
  const signal = AbortSignal.timeout(bounds.milliseconds)
  const { statusCode, headers, body } = await request(url, {
    dispatcher,
    signal,
    headers: { accept: 'application/json' },
  })
  body.on('error', () => undefined)
  if (statusCode !== 200) throw new Error(`the server answered ${String(statusCode)}`)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > bounds.bytes)
      throw new Error(`the answer has more than ${String(bounds.bytes)} bytes`)
    chunks.push(chunk)
  }
  return { bytes: Buffer.concat(chunks), maxAgeSeconds: maxAgeOf(headers['cache-control']) }
}

/** RFC 9111 section 5.2.2; what may not be stored is old at once. */
function maxAgeOf(header: string | string[] | undefined): number | null {
  const directives = String(header ?? '').toLowerCase()
  if (/\bno-(?:store|cache)\b/.test(directives)) return 0
  const [, seconds] = /\bmax-age="?(\d{1,9})\b/.exec(directives) ?? []
  return seconds === undefined ? null : Number(seconds)
}
