/** The provider is asked with the bounds of everything that is fetched: time, bytes, no redirect, no private address. */
import type { CustomFetch } from 'openid-client'
import { limits } from '../../contract/limits.ts'
import { fetchBounded, type Answer, type TlsTrust } from '../outbound/fetch-bounded.ts'

export type ProviderReach = { readonly internal: boolean; readonly tls?: TlsTrust }

export function fetchOf(reach: ProviderReach): CustomFetch {
  return async (url, { method, headers, body, signal }) => {
    const answer = await fetchBounded({
      url,
      ...reach,
      method: method === 'POST' ? 'POST' : 'GET',
      headers,
      bounds: { milliseconds: limits.signInMilliseconds, bytes: limits.signInBytes },
      ...(body === null || body === undefined ? {} : { body: bytesOf(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
    return responseOf(answer)
  }
}

function bytesOf(body: unknown): Uint8Array {
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof URLSearchParams) return Buffer.from(body.toString())
  if (body instanceof Uint8Array) return body
  throw new TypeError('a body of another kind is not sent')
}

function responseOf({ status, header, bytes }: Answer): Response {
  const type = header('content-type')
  return new Response(status === 204 ? null : Buffer.from(bytes), {
    status,
    headers: type === null ? {} : { 'content-type': type },
  })
}
