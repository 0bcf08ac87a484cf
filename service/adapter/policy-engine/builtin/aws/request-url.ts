/** What of a URL is signed: host, path and query, as Go's net/url reads them. */
import { BuiltinError } from '../../rego-value.ts'

export type RequestUrl = {
  readonly host: string
  /** Escaped; as it was given if that was escaped right. */
  readonly path: string
  readonly query: string
}

const pattern =
  /^(?:(?:[A-Za-z][A-Za-z0-9+.-]*:)?\/\/(?:[^@/?#]*@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/s
const host = /^(?:\[[0-9A-Fa-f:.]+\]|[^\s:[\]%\\^`{|}]*)(?::\d*)?$/
const escapedPath = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/[\]]|%[0-9A-Fa-f]{2})*$/
const plainByte = /[A-Za-z0-9\-._~$&+,/:;=@]/

/** @throws BuiltinError */
export function readUrl(text: string): RequestUrl {
  const [, authority = '', path = '', query = ''] = pattern.exec(text) ?? []
  const isOpaque = /^[A-Za-z][A-Za-z0-9+.-]*:/.test(path)
  if (isOpaque || !host.test(authority) || /[\u0000-\u001f\u007f]/.test(text))
    throw new BuiltinError('this is no URL of a request')
  return { host: authority, path: escapedPath.test(path) ? path : escape(path), query }
}

/** Of the bytes that the path stands for, those that Go does not write as they are. */
function escape(path: string): string {
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) throw new BuiltinError('the path is escaped wrongly')
  return path
    .split(/(%[0-9A-Fa-f]{2})/)
    .flatMap((part) =>
      /^%../.test(part) ? [Number(`0x${part.slice(1)}`)] : [...Buffer.from(part)],
    )
    .map((byte) => {
      const character = String.fromCharCode(byte)
      if (plainByte.test(character)) return character
      return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}
