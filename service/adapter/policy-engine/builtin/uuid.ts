/** `uuid.parse`: what a UUID says (RFC 4122 section 4.1), in the spellings that OPA reads. */
import { type Builtins, RegoObject, type RegoValue } from '../rego-value.ts'
import { numberOf, textOperand } from './operand.ts'

const dashed = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const plain = /^[0-9a-f]{32}$/i
const domains = ['Person', 'Group', 'Org']
/** Nanoseconds from the 15 October 1582 to the epoch of Unix. */
const gregorianNs = 12_219_292_800n * 1_000_000_000n

export const uuidBuiltins: Builtins = {
  'uuid.parse': (_context, operand) => {
    const bytes = bytesOf(textOperand(operand))
    return bytes === undefined ? undefined : new RegoObject(Object.entries(membersOf(bytes)))
  },
}

/** The 16 bytes; of 38 characters OPA looks at the inner 36 only. */
function bytesOf(text: string): Buffer | undefined {
  const bare =
    Buffer.byteLength(text) === 38
      ? Buffer.from(text).subarray(1, 37).toString('latin1')
      : text.replace(/^urn:uuid:(?=.{36}$)/i, '')
  if (!dashed.test(bare) && !plain.test(text)) return undefined
  return Buffer.from(bare.replaceAll('-', ''), 'hex')
}

function membersOf(bytes: Buffer): Readonly<Record<string, RegoValue>> {
  const version = bytes.readUInt8(6) >> 4
  const always = { version, variant: variantOf(bytes.readUInt8(8)) }
  if (version !== 1 && version !== 2) return always
  const ofTime = {
    ...always,
    time: timeOf(bytes),
    nodeid: bytes.toString('hex', 10).replace(/..(?!$)/g, '$&-'),
    macvariables: addressKindOf(bytes.readUInt8(10)),
    clocksequence: bytes.readUInt16BE(8) & 0x3fff,
  }
  if (version === 1) return ofTime
  const domain = bytes.readUInt8(9)
  return {
    ...ofTime,
    id: bytes.readUInt32BE(0),
    domain: domains[domain] ?? `Domain${String(domain)}`,
  }
}

function variantOf(byte: number): string {
  if ((byte & 0xc0) === 0x80) return 'RFC4122'
  if ((byte & 0xe0) === 0xc0) return 'Microsoft'
  return (byte & 0xe0) === 0xe0 ? 'Future' : 'Reserved'
}

/** The stamp counts 100 ns; the result is in nanoseconds of Unix. */
function timeOf(bytes: Buffer): RegoValue {
  const high = BigInt(bytes.readUInt16BE(6) & 0x0fff)
  const stamp =
    (high << 48n) | (BigInt(bytes.readUInt16BE(4)) << 32n) | BigInt(bytes.readUInt32BE(0))
  return numberOf(BigInt.asIntN(64, stamp * 100n - gregorianNs))
}

/** RFC 7042 section 2.1. */
function addressKindOf(first: number): string {
  return `${(first & 2) === 0 ? 'global' : 'local'}:${(first & 1) === 0 ? 'unicast' : 'multicast'}`
}
