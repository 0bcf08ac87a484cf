/** Unpacks a tarball within bounds: what it may hold, and how far it may expand. */
import { promisify } from 'node:util'
import { gunzip as gunzipCallback } from 'node:zlib'
import { refusal } from '../../bundle/refusal.ts'
import { limits } from '../../contract/limits.ts'

const unpack = promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(gunzipCallback)

/** A small archive of zeros expands a thousandfold; this much is always allowed, for padding. */
const allowance = 64 * 1024

/** @throws PdpError `bundle_refused`: `not_gzip`, `too_large`. */
export async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  const most = Math.min(limits.bundleUnpackedBytes, bytes.length * limits.bundleRatio + allowance)
  try {
    return await unpack(bytes, { maxOutputLength: most })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw refusal(
        'too_large',
        '',
        `the bundle unpacks to more than ${most} bytes: make it smaller`,
        cause,
      )
    }
    throw refusal(
      'not_gzip',
      '',
      'this is no gzip archive: transfer or pack the bundle again',
      cause,
    )
  }
}
