/**
 * One HTTP request to us, as its sender computes it too: a WPT of a gateway or a server names it, and so is for
 * this method, URL and body and for no other.
 */
import type { Digest } from '../contract/digest.ts'
import { digestOf, digestOfText } from '../statement/digest.ts'

export type HttpRequest = {
  /** The tenant's URI, which the proof names too. */
  readonly audience: string
  readonly method: string
  /** The whole URL, query included, on the configured public URL. */
  readonly url: string
  /** The bytes of the body; empty where there is none. */
  readonly body: Uint8Array
}

export function httpRequestDigestOf({ audience, method, url, body }: HttpRequest): Digest {
  return digestOf('http-request', { audience, content: digestOfText(body), method, url })
}
