/** The credential that a configured host wants to see. */
import { readFile } from 'node:fs/promises'

/**
 * Read again at each request, so that a token that was renewed is used; nothing without a file.
 *
 * @throws Error when the file cannot be read or holds no token.
 */
export async function authorizationFrom(file: string | undefined): Promise<Record<string, string>> {
  if (file === undefined) return {}
  const token = (await readFile(file, 'utf8')).trim()
  if (!/^[\x21-\x7e]+$/.test(token)) throw new Error(`${file} holds no token`)
  return { authorization: `Bearer ${token}` }
}
