/** A passphrase, from a file or a descriptor (`/dev/fd/3`): never from an argument or the environment, which others can list. */
import { PdpError } from '../../../contract/error-code.ts'
import { readPrivate } from './key-file.ts'
import type { Passphrase } from './sealed-key.ts'

const fewest = 16
const most = 1024

/** The first line of the file. @throws PdpError `config_invalid` that never shows what was read. */
export async function readPassphrase(path: string): Promise<Passphrase> {
  const text = await readPrivate(path).catch((error: unknown) => {
    if (error instanceof PdpError) throw error
    throw unusable(path, 'cannot be read')
  })
  if (text === null) throw unusable(path, 'is not there')
  const line = text.replace(/\r?\n$/u, '')
  if (/[\r\n\0]/u.test(line)) throw unusable(path, 'has more than one line')
  const bytes = Buffer.from(line)
  if (bytes.length < fewest) throw unusable(path, `has fewer than ${String(fewest)} bytes`)
  if (bytes.length > most) throw unusable(path, `has more than ${String(most)} bytes`)
  return bytes
}

function unusable(path: string, what: string): PdpError {
  return new PdpError(
    'config_invalid',
    `${path} ${what}: name a file, mode 600, with one line of at least ${String(fewest)} bytes (openssl rand -base64 32).`,
  )
}
