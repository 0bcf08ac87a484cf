/**
 * DER (ITU-T X.690) as certificates use it, taken apart strictly: definite lengths in their shortest form, no tag of
 * several octets, nothing left over. OpenSSL forgives more; what identities rest on has one spelling.
 */

export type Der = {
  /** The first octet: class, whether it is constructed, and number. */
  readonly tag: number
  /** Tag, length and content. */
  readonly raw: Uint8Array
  readonly content: Uint8Array
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  identifier: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const

/** Never leaves this folder: a certificate that is malformed is none. */
export class MalformedDer extends Error {}

/** The one element that the bytes are. @throws MalformedDer */
export function readDer(bytes: Uint8Array): Der {
  const element = firstOf(bytes)
  if (element.raw.length !== bytes.length) throw new MalformedDer('there is more behind the end')
  return element
}

/** What a constructed element of that tag holds. @throws MalformedDer */
export function childrenOf(element: Der | undefined, tag: number = tags.sequence): readonly Der[] {
  let rest = contentOf(element, tag)
  const children: Der[] = []
  while (rest.length > 0) {
    const child = firstOf(rest)
    children.push(child)
    rest = rest.subarray(child.raw.length)
  }
  return children
}

/** @throws MalformedDer unless it has that tag */
export function expectTag(element: Der | undefined, tag: number): Der {
  if (element?.tag === tag) return element
  throw new MalformedDer(`wanted tag ${String(tag)}, got ${String(element?.tag)}`)
}

/** @throws MalformedDer unless it has that tag */
export function contentOf(element: Der | undefined, tag: number): Uint8Array {
  return expectTag(element, tag).content
}

/** Hexadecimal content of an object identifier, each number in its shortest form. @throws MalformedDer */
export function identifierOf(element: Der | undefined): string {
  const content = contentOf(element, tags.identifier)
  const isSound = content.every((byte, i) => byte !== 0x80 || (content[i - 1] ?? 0) >= 0x80)
  if (!isSound || (content.at(-1) ?? 0x80) >= 0x80)
    throw new MalformedDer('an identifier is broken')
  return hex(content)
}

/** One that is not negative and fits a number. @throws MalformedDer */
export function smallIntegerOf(element: Der | undefined): number {
  const content = contentOf(element, tags.integer)
  const [first = 0x80, second = 0x80] = content
  const isShortest = first !== 0 || content.length === 1 || second >= 0x80
  if (first >= 0x80 || !isShortest || content.length > 5)
    throw new MalformedDer('an integer is none')
  return content.reduce((value, byte) => value * 256 + byte, 0)
}

/** @throws MalformedDer */
export function booleanOf(element: Der): boolean {
  const content = contentOf(element, tags.boolean)
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff))
    throw new MalformedDer('a boolean is neither')
  return content[0] === 0xff
}

/** Whether bits are set, counted from the first. @throws MalformedDer */
export function bitsOf(element: Der): (bit: number) => boolean {
  const [unused = 8, ...bytes] = contentOf(element, tags.bitString)
  const last = bytes.at(-1) ?? 0
  const isSound = unused < 8 && (last & ((1 << unused) - 1)) === 0
  if (!isSound || (bytes.length === 0 && unused !== 0))
    throw new MalformedDer('a bit string is broken')
  return (bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function firstOf(bytes: Uint8Array): Der {
  const [tag = 0x1f, short = 0x80] = bytes
  if ((tag & 0x1f) === 0x1f || short === 0x80) throw new MalformedDer('an element is broken')
  const octets = short < 0x80 ? 0 : short & 0x7f
  const start = 2 + octets
  const length = octets === 0 ? short : longLength(bytes.subarray(2, start), octets)
  if (bytes.length < start + length) throw new MalformedDer('an element is cut off')
  return {
    tag,
    raw: bytes.subarray(0, start + length),
    content: bytes.subarray(start, start + length),
  }
}

function longLength(given: Uint8Array, octets: number): number {
  const length = given.reduce((value, byte) => value * 256 + byte, 0)
  const isShortest = given[0] !== 0 && length >= 0x80
  if (given.length !== octets || octets > 4 || !isShortest)
    throw new MalformedDer('a length is wrong')
  return length
}
