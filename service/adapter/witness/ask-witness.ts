/** Posts one checkpoint to one witness, within bounds on time and bytes: `<submission prefix>/add-checkpoint`. */
import { readFile } from 'node:fs/promises'
import { limits } from '../../contract/limits.ts'
import { fetchBounded } from '../outbound/fetch-bounded.ts'

export type WitnessReach = {
  /** Witnesses may have a private address, and speak http. */
  readonly internal: boolean
  /** PEM file of the authorities that their certificates must chain to. */
  readonly caFile: string | null
}

type Ask = (
  url: string,
  body: string,
  signal: AbortSignal,
) => Promise<{ readonly status: number; readonly type: string | null; readonly text: string }>

/** What it gives rejects with what went wrong. */
export function askWitness({ internal, caFile }: WitnessReach): Ask {
  return async (url, body, signal) => {
    const tls = caFile === null ? {} : { tls: { ca: [await readFile(caFile, 'utf8')] } }
    const { status, header, bytes } = await fetchBounded({
      ...{ url: `${url.replace(/\/$/, '')}/add-checkpoint`, internal, ...tls, signal },
      ...{ method: 'POST', headers: { 'content-type': 'text/plain' }, body: Buffer.from(body) },
      bounds: { milliseconds: limits.witnessMilliseconds, bytes: limits.witnessReplyBytes },
    })
    const type = header('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? null
    return { status, type, text: Buffer.from(bytes).toString() }
  }
}
