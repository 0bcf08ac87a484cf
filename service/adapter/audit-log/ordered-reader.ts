/** Reads entries in the order of the log, with what was disclosed beside them. */
import { setImmediate } from 'node:timers/promises'
import { PdpError } from '../../contract/error-code.ts'
import type { Recorded } from '../../port/audit-log.ts'
import type { DataKeys } from './data-keys.ts'
import { recordedIn } from './entry-reader.ts'
import type { FrameReader } from './frame-reader.ts'

/** Entries that are opened before others get their turn: decisions are not to wait behind a page. */
const atOnce = 32

/**
 * Entries `from` to `to`, which is not among them; all of them must be durable.
 *
 * @throws PdpError `log_corrupt` when something else lies there.
 */
export async function readInOrder(
  reader: FrameReader,
  keys: DataKeys,
  from: number,
  to: number,
): Promise<readonly Recorded[]> {
  const entries: Recorded[] = []
  for (let next = from; next < to; next += atOnce) {
    for (const { index, frame } of await reader.read(next, Math.min(next + atOnce, to))) {
      const recorded = recordedIn(frame, keys)
      if (recorded?.leaf.index !== index)
        throw new PdpError('log_corrupt', `Entry ${String(index)} is not where it should be.`)
      entries.push(recorded)
    }
    await setImmediate()
  }
  return entries
}
