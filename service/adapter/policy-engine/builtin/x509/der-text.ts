/** Strings and times of ASN.1, as Go's crypto/x509 reads them. */
import { failing } from '../failing.ts'
import { type DerNode, malformed } from './der.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const utf16 = new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true })

type Read = (content: Buffer) => string

/** Of those that a set of ASCII characters is enough for. */
const within =
  (allowed: RegExp): Read =>
  (content) => {
    const text = content.toString('latin1')
    if (!allowed.test(text)) throw malformed('a string has a character that its type has not')
    return text
  }

const readers: ReadonlyMap<number, Read> = new Map<number, Read>([
  [12, (content) => failing(() => utf8.decode(content))],
  [18, within(/^[0-9 ]*$/)],
  // Neither * nor & belong there, but certificates have them.
  [19, within(/^[A-Za-z0-9'()+,\-./ :=?*&]*$/)],
  // T.61 is taken for Latin-1.
  [20, (content) => content.toString('latin1')],
  [22, ia5],
  [30, bmp],
])

/** @throws BuiltinError */
export function stringOf({ tag, content }: DerNode): string {
  const read = readers.get(tag)
  if (read === undefined) throw malformed('a string is of a type that is not read')
  return read(content)
}

/** @throws BuiltinError */
export function ia5(content: Buffer): string {
  return within(/^[\u0000-\u007f]*$/)(content)
}

/** UCS-2: without surrogates and what is no character, and without a terminator. */
function bmp(content: Buffer): string {
  const text = failing(() => utf16.decode(content)).replace(/\0$/, '')
  if (/[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/.test(text)) throw malformed('a string is no UCS-2')
  return text
}

/** To the second; in UTC as DER wants it. @throws BuiltinError */
export function timeOf({ tag, content }: DerNode): Date {
  const pattern = tag === 23 ? /^(\d{2})(\d{10})Z$/ : tag === 24 ? /^(\d{4})(\d{10})Z$/ : /^$/
  const [, year = '', rest = ''] = pattern.exec(content.toString('latin1')) ?? []
  const century = tag === 24 ? '' : Number(year) >= 50 ? '19' : '20'
  const iso = `${century}${year}-${rest.replace(/^(..)(..)(..)(..)(..)$/, '$1-$2T$3:$4:$5')}.000Z`
  const time = new Date(iso)
  // Dates that the calendar has not are taken for others.
  if (Number.isNaN(time.getTime()) || time.toISOString() !== iso) throw malformed('a time is none')
  return time
}
