/**
 * OPA's bundle service protocol: one tarball at a URL, asked for with the ETag of the one before.
 *
 * A bundle that was offered and refused is not downloaded again: its ETag is kept like any other. Long polling
 * stays on only while the server answers with the media type of OPA's bundles.
 */
import type { BundleSource as Config } from '../../contract/config.ts'
import { limits } from '../../contract/limits.ts'
import { digestOfText } from '../../statement/digest.ts'
import { authorizationFrom } from '../outbound/bearer-token.ts'
import { fetchBounded, type Answer } from '../outbound/fetch-bounded.ts'
import { delaysOf, type LoopOptions, type Seen } from './keep-looking.ts'

export type HttpConfig = Extract<Config, { readonly url: string }>

const pollingType = 'application/vnd.openpolicyagent.bundles'
/** A server that says it polls and answers at once is asked no more often than this, in milliseconds. */
const pollPause = [100, 200] as const

export function httpLoop(config: HttpConfig): Omit<LoopOptions, 'clock'> {
  const { url, internal = false, long_polling_seconds: wait } = config
  let etag: string | null = null
  let isPolling = false
  return {
    kind: 'http',
    location: withoutQuery(url),
    delays: () => (isPolling ? pollPause : delaysOf(config)),
    mostBackOff: delaysOf(config)[1],
    async look(before, signal): Promise<Seen> {
      const asked = isPolling ? wait : undefined
      const answer = await fetchBounded({
        ...{ url, internal, signal },
        headers: {
          accept: `${pollingType}, application/gzip, application/octet-stream`,
          prefer: `modes=snapshot${wait === undefined ? '' : `;wait=${String(wait)}`}`,
          ...(etag === null ? {} : { 'if-none-match': etag }),
          ...(await authorizationFrom(config.bearer_token_file)),
        },
        bounds: {
          milliseconds: limits.bundleMilliseconds + (asked ?? wait ?? 0) * 1000,
          bytes: limits.bundleBytes,
        },
      })
      if (answer.status === 304) return 'unchanged'
      isPolling = wait !== undefined && answer.header('content-type') === pollingType
      const offer = offerOf(answer, url)
      etag = answer.header('etag')
      return offer.version === before ? 'unchanged' : offer
    },
  }
}

function offerOf(answer: Answer, url: string): Exclude<Seen, 'unchanged'> {
  const { status, bytes } = answer
  if (status !== 200) throw new Error(`the server answered ${String(status)}`)
  if (bytes.length === 0)
    throw new Error('the server answered with an empty body: publish a bundle')
  const version = answer.header('etag') ?? digestOfText(bytes)
  return { version, tarballs: [{ name: withoutQuery(url), bytes }] }
}

/** A query may hold a credential. */
function withoutQuery(url: string): string {
  return url.replace(/\?.*$/s, '')
}
