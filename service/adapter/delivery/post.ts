/** Posts to a configured receiver, within bounds on time and bytes; anything but a 2xx is a failure. */
import { readFile } from 'node:fs/promises'
import { limits } from '../../contract/limits.ts'
import { fetchBounded } from '../outbound/fetch-bounded.ts'

export type Receiver = {
  readonly url: string
  readonly internal?: boolean
  readonly ca_file?: string
}

/** The receiver answered something else than a 2xx. */
export class Refused extends Error {
  readonly status: number

  constructor(status: number) {
    super(`the receiver answered ${String(status)}`)
    this.name = 'Refused'
    this.status = status
  }
}

/** The status. @throws Refused; any other error when there was no whole answer in time. */
export async function post(
  { url, internal = false, ca_file: caFile }: Receiver,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<number> {
  const tls = caFile === undefined ? {} : { tls: { ca: [await readFile(caFile, 'utf8')] } }
  const { status } = await fetchBounded({
    ...{ url, internal, ...tls, signal, method: 'POST', headers, body },
    bounds: { milliseconds: limits.deliveryMilliseconds, bytes: limits.deliveryReplyBytes },
  })
  if (status < 200 || status > 299) throw new Refused(status)
  return status
}
