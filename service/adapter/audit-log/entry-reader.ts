/** Reads one entry back from its place and opens what was disclosed beside it. */
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { type Frame, frameAt } from '../../audit/frame.ts'
import { leafHash } from '../../audit/merkle.ts'
import { PdpError } from '../../contract/error-code.ts'
import type { Recorded } from '../../port/audit-log.ts'
import type { DataKeys } from './data-keys.ts'
import { openDisclosure } from './disclosures.ts'
import type { LogFileSystem } from './file-system.ts'
import { segmentName, type Position } from './segments.ts'
import { readToken } from './token.ts'

/** Where entries are, and what opens what was disclosed beside them. */
export type EntryFiles = {
  readonly system: LogFileSystem
  readonly directory: string
  readonly dataKeys: DataKeys
}

/** @throws PdpError `log_corrupt` when what lies there is not the entry of that id or index. */
export async function readRecorded(
  { system, directory, dataKeys }: EntryFiles,
  position: Position,
  wanted: string | number,
): Promise<Recorded> {
  const path = join(directory, segmentName(position.segment))
  const bytes = await system.readAt(path, position.offset, position.bytes)
  const frame = frameAt(bytes, 0, crc32)
  const recorded = frame === null ? null : recordedIn(frame, dataKeys)
  const { jti, index } = recorded?.leaf ?? {}
  if (recorded !== null && (jti === wanted || index === wanted)) return recorded
  throw new PdpError('log_corrupt', `${path} does not hold ${wanted} at byte ${position.offset}.`)
}

/** Null when it holds no leaf. @throws PdpError `log_corrupt` when its disclosure is not its own. */
export function recordedIn(frame: Frame, keys: DataKeys): Recorded | null {
  const token = Buffer.from(frame.leaf).toString('latin1')
  const leaf = readToken(token)?.leaf
  if (leaf === undefined) return null
  const { value: disclosed, ended } = openDisclosure(keys, leaf, frame.disclosure)
  return { token, leaf, leafHash: printedHash(leafHash(token)), disclosed, ended }
}

export function printedHash(hash: Uint8Array): string {
  return `sha256:${Buffer.from(hash).toString('hex')}`
}
