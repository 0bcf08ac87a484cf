/**
 * Names of subjects and issuers (RFC 5280 section 4.1.2.4): compared octet by octet and never shown, but a name that
 * another reader would refuse is refused here too.
 */
import { childrenOf, contentOf, hex, identifierOf, MalformedDer, tags, type Der } from './der.ts'

const set = 0x31

/** Kinds of strings that a name may hold, and what each may consist of. */
const strings: Readonly<Record<number, (content: Uint8Array) => boolean>> = {
  // UTF8String
  0x0c: (content) => Buffer.from(content).equals(Buffer.from(Buffer.from(content).toString())),
  // NumericString
  0x12: (content) => /^[0-9 ]*$/.test(text(content)),
  // PrintableString; the asterisk and the ampersand stand in certificates that are in use.
  0x13: (content) => /^[A-Za-z0-9 '()+,\-./:=?*&]*$/.test(text(content)),
  // TeletexString
  0x14: () => true,
  // IA5String
  0x16: (content) => content.every((byte) => byte < 0x80),
  // BMPString: two octets a character, none of them a surrogate or no character at all.
  0x1e: (content) =>
    content.length % 2 === 0 && !/^(?:.{4})*(?:d[89a-f]..|fd[de].|fffe|ffff)/.test(hex(content)),
}

/** Its octets in hexadecimal; equal names are equal texts. @throws MalformedDer */
export function nameTextOf(element: Der | undefined): string {
  for (const relative of childrenOf(element))
    for (const attribute of childrenOf(relative, set)) checkAttribute(attribute)
  return element === undefined ? '' : hex(element.raw)
}

function checkAttribute(attribute: Der): void {
  const [type, value, ...more] = childrenOf(attribute)
  identifierOf(type)
  if (value === undefined || more.length > 0 || strings[value.tag]?.(value.content) !== true)
    throw new MalformedDer('a name is broken')
}

/** Every octet a character. */
function text(content: Uint8Array): string {
  return Buffer.from(content).toString('latin1')
}

/** A public key or a signature: whole octets. @throws MalformedDer */
export function expectOctets(element: Der | undefined): void {
  if (contentOf(element, tags.bitString)[0] !== 0)
    throw new MalformedDer('a bit string is not of whole octets')
}
