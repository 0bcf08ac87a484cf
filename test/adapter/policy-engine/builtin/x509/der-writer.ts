// Writes DER (ITU-T X.690), and what is not quite DER, for tests of what reads it.

export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.of(tag), lengthOf(content.length), content])
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length)
  const hex = length.toString(16)
  const octets = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return Buffer.concat([Buffer.of(0x80 | octets.length), octets])
}

export const sequence = (...items: readonly Uint8Array[]): Buffer => der(0x30, ...items)
export const set = (...items: readonly Uint8Array[]): Buffer => der(0x31, ...items)
export const octets = (bytes: Uint8Array): Buffer => der(4, bytes)
/** With no unused bits, unless so many are said. */
export const bits = (bytes: Uint8Array, unused = 0): Buffer => der(3, Buffer.of(unused), bytes)
export const boolean = (value: boolean): Buffer => der(1, Buffer.of(value ? 0xff : 0))
export const utf8 = (text: string): Buffer => der(12, Buffer.from(text))

/** Not negative. */
export function integer(value: bigint | number): Buffer {
  const hex = BigInt(value).toString(16)
  const octets = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return der(2, (octets[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), octets]) : octets)
}

/** @param dotted as in `2.5.4.3` */
export function identifier(dotted: string): Buffer {
  const [first = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt)
  return der(6, ...[first * 40n + second, ...rest].map(base128))
}

function base128(value: bigint): Buffer {
  const groups = [value & 0x7fn]
  for (let left = value >> 7n; left > 0n; left >>= 7n) groups.unshift((left & 0x7fn) | 0x80n)
  return Buffer.from(groups.map(Number))
}

/** A time in the form that its year asks for (RFC 5280 section 4.1.2.5). */
export function time(iso: string): Buffer {
  const digits = iso.replace(/\.\d+|[-:T]/g, '')
  const isShort = iso >= '1950' && iso < '2050'
  return der(isShort ? 23 : 24, Buffer.from(isShort ? digits.slice(2) : digits))
}
