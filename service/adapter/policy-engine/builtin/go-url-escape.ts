/** Percent escapes as Go's net/url writes and reads them, by the part of a URL. */
import { BuiltinError } from '../rego-value.ts'

export type UrlPart = 'fragment' | 'host' | 'path' | 'user'

/** What stands as it is, beside letters, digits and `-._~`. */
const plain: Readonly<Record<UrlPart, string>> = {
  fragment: '$&+,/:;=?@!()*',
  host: '!$&\'()*+,;=:[]<>"',
  path: '$&+,/:;=@',
  user: '$&+,;=',
}

export function escapeBytes(bytes: Buffer, part: UrlPart): string {
  return [...bytes]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      if (isPlain(character, part)) return character
      return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}

/** @throws BuiltinError */
export function unescapeBytes(text: string): Buffer {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) throw new BuiltinError('an escape is no hex digits')
  const parts = text.split(/(%[0-9A-Fa-f]{2})/)
  return Buffer.concat(
    parts.map((part) => Buffer.from(part.replace(/^%/, ''), part.startsWith('%') ? 'hex' : 'utf8')),
  )
}

/** Whether all that must be escaped is; more may be. */
export function isEscaped(text: string, part: UrlPart): boolean {
  return Array.from(text).every(
    (character) => "!$&'()*+,;=:@[]%".includes(character) || isPlain(character, part),
  )
}

function isPlain(character: string, part: UrlPart): boolean {
  return /^[A-Za-z0-9\-._~]$/.test(character) || plain[part].includes(character)
}
