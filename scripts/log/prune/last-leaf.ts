// What the last leaf of a log says of it: enough to open the log without its service's configuration.

import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { segmentName } from '../../../service/adapter/audit-log/segments.ts'
import { scanSegment } from '../../../service/audit/scan.ts'
import { PdpError } from '../../../service/contract/error-code.ts'
import type { SigningAlgorithm } from '../../../service/port/signer.ts'
import { readLeaf } from '../read/read-leaf.ts'
import { segmentsIn } from '../read/segment-entries.ts'

interface LogNames {
  readonly origin: string
  /** The tenant's id. */
  readonly tenant: string
  readonly algorithm: SigningAlgorithm
}

/** @param folder `<data>/tenants/<tenant>/log`. @throws PdpError `log_corrupt`. */
export function namesOf(folder: string): LogNames {
  for (const first of segmentsIn(folder).toReversed()) {
    const { frames } = scanSegment(readFileSync(join(folder, segmentName(first))), crc32)
    const last = frames.at(-1)
    if (last === undefined) continue
    const reading = readLeaf(Buffer.from(last.leaf).toString('latin1'))
    if (!reading.ok) break
    const { leaf, header } = reading.read
    const algorithm = header.alg === 'ES256' ? 'ES256' : 'Ed25519'
    return { origin: leaf.iss, tenant: leaf.tenant, algorithm }
  }
  throw new PdpError('log_corrupt', `${folder} ends with no leaf: restore it from a copy.`)
}
