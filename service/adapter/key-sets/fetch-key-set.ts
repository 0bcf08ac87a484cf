/** Fetches a key set from a configured URL, within bounds, and says how long it may be kept. */
import { limits } from '../../contract/limits.ts'
import { maxAgeOf } from '../outbound/max-age.ts'
import { fetchBounded, type Bounds, type TlsTrust } from '../outbound/fetch-bounded.ts'

export type Fetched = {
  readonly bytes: Uint8Array
  /** `max-age` of Cache-Control in seconds; null where there is none. */
  readonly maxAgeSeconds: number | null
}

/** How a configured host is reached, and known when it is. */
export type Reach = {
  /** The host may have a private or loopback address, and may speak http. */
  readonly internal: boolean
  /** Left out: its certificate is of the public web. */
  readonly tls?: TlsTrust
}

export type Fetch = (url: string, reach: Reach) => Promise<Fetched>

const usual: Bounds = { milliseconds: limits.keySetMilliseconds, bytes: limits.keySetBytes }

/** @throws Error that says what went wrong, within the bound on time. */
export async function fetchKeySet(
  url: string,
  reach: Reach,
  bounds: Bounds = usual,
): Promise<Fetched> {
  const headers = { accept: 'application/json' }
  const { status, header, bytes } = await fetchBounded({ url, ...reach, headers, bounds })
  if (status !== 200) throw new Error(`the server answered ${String(status)}`)
  return { bytes, maxAgeSeconds: maxAgeOf(header('cache-control')) }
}
