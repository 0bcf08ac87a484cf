/** The segment of a stopped service with some leaves changed, and what is disclosed beside each left as it is. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { encodeFrames } from '../../service/audit/frame.ts'
import { scanSegment } from '../../service/audit/scan.ts'
import { leafOf } from './segment.ts'

/** @param folder `<data>/tenants/<tenant>/log`, which has one segment */
export function changeTokens(folder: string, change: (token: string) => string): void {
  const [name = ''] = readdirSync(folder).filter((one) => /^\d+\.segment$/u.test(one))
  const place = join(folder, name)
  const contents = scanSegment(readFileSync(place), crc32).frames.map(({ leaf, disclosure }) => ({
    leaf: change(Buffer.from(leaf).toString('latin1')),
    disclosure,
  }))
  writeFileSync(place, encodeFrames(contents, crc32))
}

/** What lies encrypted beside the leaf of that id. */
export function sealedIn(folder: string, id: string): Uint8Array {
  const [name = ''] = readdirSync(folder).filter((one) => /^\d+\.segment$/u.test(one))
  const { frames } = scanSegment(readFileSync(join(folder, name)), crc32)
  const found = frames.find(({ leaf }) => leafOf(Buffer.from(leaf).toString('latin1')).jti === id)
  if (found === undefined) throw new Error(`${folder} has no entry ${id}`)
  return found.disclosure
}
