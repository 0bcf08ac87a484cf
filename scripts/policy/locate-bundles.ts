// The bundles that an argument names: a tarball, a directory of tarballs, an image in a registry, a URL.

import { basename } from 'node:path'
import { httpLoop, type HttpConfig } from '../../service/adapter/bundle-source/http-source.ts'
import { ociLoop, type OciConfig } from '../../service/adapter/bundle-source/oci-source.ts'
import { readTarballs } from '../../service/adapter/bundle-reader/read-directory.ts'
import { PdpError } from '../../service/contract/error-code.ts'
import type { Tarball } from '../../service/port/bundle-source.ts'
import { type Call, usage } from '../command/command.ts'
import { kindOf, readGiven } from '../command/read-file.ts'

export const remoteOptions = {
  internal: { type: 'boolean' },
  username: { type: 'string' },
  'password-file': { type: 'string' },
  'bearer-token-file': { type: 'string' },
} as const

export const remoteUsage = `  --internal             the server has a private address, and may speak plain http
  --username <name>      of the registry, with --password-file <file>
  --bearer-token-file <file>  what is sent to an HTTP server`

const patienceMilliseconds = 120_000

/** @throws PdpError `usage` for what is not there; `not_ready` when a server does not give it. */
export async function locateBundles(place: string, call: Call): Promise<readonly Tarball[]> {
  if (place.startsWith('oci://')) return await look(place, ociLoop(ociConfigOf(place, call)))
  if (/^https?:\/\//u.test(place)) return await look(place, httpLoop(httpConfigOf(place, call)))
  if (kindOf(place) === 'directory') return await readTarballs(place)
  const what = 'a bundle (*.tar.gz), a directory of bundles, oci://host/repository:tag or a URL'
  return [{ name: basename(place), bytes: readGiven(place, what) }]
}

/** @throws PdpError `usage`. */
export function ociConfigOf(place: string, { values }: Call): OciConfig {
  const { username, 'password-file': file } = values
  if ((username === undefined) !== (file === undefined))
    throw usage('Name both --username and --password-file, or neither.')
  if (typeof file === 'string') readGiven(file, 'the file of a password')
  return {
    oci: place.slice('oci://'.length),
    internal: values['internal'] === true,
    ...(typeof username === 'string' && typeof file === 'string'
      ? { username, password_file: file }
      : {}),
  }
}

function httpConfigOf(place: string, { values }: Call): HttpConfig {
  const file = values['bearer-token-file']
  if (typeof file === 'string') readGiven(file, 'the file of a token')
  return {
    url: place,
    internal: values['internal'] === true,
    ...(typeof file === 'string' ? { bearer_token_file: file } : {}),
  }
}

/** One look of the very source that the service would use. */
async function look(
  place: string,
  { look: lookOnce }: Pick<ReturnType<typeof ociLoop>, 'look'>,
): Promise<readonly Tarball[]> {
  const seen = await lookOnce(null, AbortSignal.timeout(patienceMilliseconds)).catch(
    (cause: unknown) => {
      const said = cause instanceof Error ? cause.message : String(cause)
      throw new PdpError(
        'not_ready',
        `${place}: ${said}; name what is there, or --internal for a server on a private network.`,
        { cause },
      )
    },
  )
  return seen === 'unchanged' ? [] : seen.tarballs
}
