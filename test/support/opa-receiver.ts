/** A receiver of OPA's decision logs: a real HTTP server that keeps what it acknowledged. */
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import type { OpaEvent } from '../../service/audit/opa-event.ts'
import { startListener, type Listener } from './listener.ts'

export type Upload = {
  readonly events: readonly OpaEvent[]
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export type OpaReceiver = Pick<Listener, 'url' | 'stop'> & {
  /** What was answered with a 2xx, in order. */
  readonly taken: Upload[]
  /** All that came, whatever it was answered. */
  readonly seen: Upload[]
  /** The status of the answer to each upload: 200 unless told otherwise. */
  answer: (upload: Upload) => number
}

export async function startOpaReceiver(): Promise<OpaReceiver> {
  const taken: Upload[] = []
  const seen: Upload[] = []
  const listener = await startListener((request, response) => {
    void buffer(request).then((body) => {
      const events = JSON.parse(gunzipSync(body).toString()) as OpaEvent[]
      const upload = { events, headers: request.headers }
      seen.push(upload)
      const status = receiver.answer(upload)
      if (status === 200) taken.push(upload)
      response.writeHead(status).end()
    })
  })
  const receiver: OpaReceiver = {
    ...{ url: `${listener.url}/logs`, stop: listener.stop, taken, seen },
    answer: () => 200,
  }
  return receiver
}

export function idsOf(uploads: readonly Upload[]): readonly string[] {
  return uploads.flatMap(({ events }) => events.map(({ decision_id: id }) => id))
}
