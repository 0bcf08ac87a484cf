/** One name of a certificate's subject, or of where something is to be found (RFC 5280 section 4.2.1.6). */
import type { AlternativeName } from '../../../identity/certificate.ts'
import { hex, MalformedDer, type Der } from './der.ts'

/** @throws MalformedDer */
export function nameOf(element: Der): AlternativeName {
  const kind = element.tag & 0x1f
  const isContext = (element.tag & 0xc0) === 0x80
  if (!isContext || kind > 8) throw new MalformedDer('a name is of no known kind')
  return { kind, text: isText(element.tag) ? asciiOf(element.content) : hex(element.content) }
}

/** Mail addresses, domains and URIs: primitive, and of IA5 characters. */
export function isText(tag: number): boolean {
  return tag === 0x81 || tag === 0x82 || tag === 0x86
}

/** @throws MalformedDer also for a NUL, behind which others stop to read. */
function asciiOf(content: Uint8Array): string {
  if (content.some((byte) => byte < 0x21 || byte > 0x7e))
    throw new MalformedDer('a name has characters that no name has')
  return Buffer.from(content).toString('latin1')
}
