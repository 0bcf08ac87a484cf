/**
 * Uploads decisions as OPA uploads its decision log (OPA, "Decision Logs"): `POST`, `Content-Encoding: gzip`, a JSON array of
 * events. The protocol acknowledges an upload as a whole, so an upload that failed goes out again whole.
 */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { opaEvent, type ExportedDecision } from '../../audit/opa-event.ts'
import type { OpaDelivery } from '../../contract/delivery.ts'
import { limits } from '../../contract/limits.ts'
import type { Recorded } from '../../port/audit-log.ts'
import { authorizationFrom } from '../outbound/bearer-token.ts'
import type { Sink } from './delivery.ts'
import { post, Refused } from './post.ts'

const pack = promisify(gzip)
const tooLarge = 413

export function opaSink(config: OpaDelivery): Sink {
  const disclose = config.disclose ?? false
  return {
    kind: 'opa_decision_log',
    deliver: async (entries, signal) => {
      const events = entries.flatMap((entry) => eventOf(entry, disclose))
      for (const upload of uploadsOf(events)) await send(upload, config, signal)
    },
  }
}

function eventOf({ leaf, leafHash, disclosed, ended }: Recorded, disclose: boolean): string[] {
  if (leaf.kind !== 'decision') return []
  const isShown = disclose && ended.length === 0
  const shown = isShown ? (disclosed as ExportedDecision['disclosed']) : null
  return [JSON.stringify(opaEvent({ leaf, leafHash, disclosed: shown }))]
}

/** In their order, each as large as an upload may be; an event that is larger goes alone. */
function uploadsOf(events: readonly string[]): readonly (readonly string[])[] {
  const uploads: string[][] = []
  let bytes = Infinity
  for (const event of events) {
    const length = Buffer.byteLength(event) + 1
    if (bytes + length > limits.deliveredBytes) {
      uploads.push([])
      bytes = 0
    }
    uploads.at(-1)?.push(event)
    bytes += length
  }
  return uploads
}

/** A receiver that takes less at once gets two halves. */
async function send(
  events: readonly string[],
  config: OpaDelivery,
  signal: AbortSignal,
): Promise<void> {
  const headers = {
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    ...(await authorizationFrom(config.bearer_token_file)),
  }
  try {
    await post(config, headers, await pack(`[${events.join(',')}]`), signal)
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== tooLarge || events.length < 2) throw error
    const half = Math.ceil(events.length / 2)
    await send(events.slice(0, half), config, signal)
    await send(events.slice(half), config, signal)
  }
}
