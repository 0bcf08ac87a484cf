/** Parameters of a request's URL, as strictly as bodies: none that is unknown, and none twice. */
import type { IncomingMessage } from 'node:http'
import { PdpError } from '../contract/error-code.ts'

/** @throws PdpError `invalid_request`. */
export function queryParameters<Name extends string>(
  request: IncomingMessage,
  names: readonly Name[],
): Readonly<Partial<Record<Name, string>>> {
  const given = new URLSearchParams((request.url ?? '').split('?').slice(1).join('?'))
  const found: Partial<Record<Name, string>> = {}
  for (const [name, value] of given) {
    const known = names.find((one) => one === name)
    if (known === undefined) {
      throw refused(`The parameter ${JSON.stringify(name)} is not known; use ${names.join(', ')}.`)
    }
    if (found[known] !== undefined) throw refused(`Send the parameter ${name} once.`)
    found[known] = value
  }
  return found
}

export function refused(message: string): PdpError {
  return new PdpError('invalid_request', message)
}
