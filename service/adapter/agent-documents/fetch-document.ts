/** Fetches a client id metadata document, within bounds, and says how long it may be kept. */
import { limits } from '../../contract/limits.ts'
import { fetchBounded, type TlsTrust } from '../outbound/fetch-bounded.ts'
import { maxAgeOf } from '../outbound/max-age.ts'

export type DocumentReach = { readonly internal: boolean; readonly tls?: TlsTrust }

export type FetchedDocument = {
  readonly bytes: Uint8Array
  /** `max-age` of Cache-Control in seconds; null where there is none. */
  readonly maxAgeSeconds: number | null
}

const bounds = { milliseconds: limits.keySetMilliseconds, bytes: limits.agentDocumentBytes }

/** @throws Error that says what went wrong, within the bound on time. */
export async function fetchDocument(url: string, reach: DocumentReach): Promise<FetchedDocument> {
  const headers = { accept: 'application/json' }
  const { status, header, bytes } = await fetchBounded({ url, ...reach, headers, bounds })
  if (status !== 200) throw new Error(`the server answered ${String(status)}`)
  return { bytes, maxAgeSeconds: maxAgeOf(header('cache-control')) }
}
