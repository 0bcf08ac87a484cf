// Unpacks a gzip file into one that has no name, so that it is gone when it is closed, whatever happens.

import {
  createReadStream,
  createWriteStream,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { usage } from '../../command/command.ts'
import { mostFileBytes } from './export-files.ts'

/** Tokens are base64url and tiles are hashes: neither shrinks much. What expands further is no log. */
const mostRatio = 50

/** A descriptor, open for reading. @throws PdpError `usage`. */
export async function unpacked(path: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-log-'))
  try {
    const plain = join(folder, 'export.tar')
    const most = Math.max(statSync(path).size * mostRatio, mostFileBytes)
    await pipeline(
      createReadStream(path),
      createGunzip(),
      upTo(most, path),
      createWriteStream(plain, { mode: 0o600 }),
    ).catch((cause: unknown) => {
      const code = String((cause as NodeJS.ErrnoException).code)
      if (!code.startsWith('Z_')) throw cause
      throw usage(`${path} cannot be unpacked (${code}): transfer it again.`, cause)
    })
    return openSync(plain, 'r')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function upTo(most: number, path: string): Transform {
  let passed = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length
      if (passed <= most) done(null, chunk)
      else done(usage(`${path} unpacks to more than ${String(mostRatio)} times its size: no log.`))
    },
  })
}
