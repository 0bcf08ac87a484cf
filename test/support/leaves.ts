/** What the log of a tenant says, read from its own files while no service writes them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { firstIndexOf } from '../../service/adapter/audit-log/segments.ts'
import { readToken } from '../../service/adapter/audit-log/token.ts'
import { scanSegment } from '../../service/audit/scan.ts'
import type { Leaf } from '../../service/contract/leaf.ts'

/** @param folder `<data>/tenants/<tenant>/log` */
export function leavesIn(folder: string): readonly Leaf[] {
  const segments = readdirSync(folder).filter((name) => firstIndexOf(name) !== null)
  return segments.sort().flatMap((name) =>
    scanSegment(readFileSync(join(folder, name)), crc32).frames.flatMap(({ leaf }) => {
      const read = readToken(Buffer.from(leaf).toString('latin1'))
      return read === null ? [] : [read.leaf]
    }),
  )
}
