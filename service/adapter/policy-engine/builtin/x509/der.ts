/**
 * ASN.1 as certificates use it (ITU-T X.690), parsed by asn1js with its limits, and then held to DER: every
 * length in its shortest form, and nothing left over.
 */
import { type AsnType, Constructed, fromBER, type ObjectIdentifier } from 'asn1js'
import { BuiltinError } from '../../rego-value.ts'
import { failing } from '../failing.ts'

export type DerNode = {
  readonly block: AsnType
  /** The first octet: class, whether it is constructed, and number. */
  readonly tag: number
  /** Tag, length and content. */
  readonly raw: Buffer
  readonly content: Buffer
  /** Empty unless it is constructed. */
  readonly children: readonly DerNode[]
}

export const tags = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  identifier: 6,
  sequence: 0x30,
  set: 0x31,
} as const

/** Context-specific: of something primitive, and of something constructed. */
export const implicit = (number: number): number => 0x80 | number
export const explicit = (number: number): number => 0xa0 | number

/** The one element that the bytes are. @throws BuiltinError */
export function readDer(bytes: Uint8Array): DerNode {
  const node = readFirst(bytes)
  if (node.raw.length !== bytes.length) throw malformed('there is more behind the end')
  return node
}

/** Elements one after the other, each read when it is asked for. @throws BuiltinError */
export function* readAllDer(bytes: Uint8Array): Generator<DerNode> {
  for (let at = 0; at < bytes.length;) {
    const node = readFirst(bytes.subarray(at))
    yield node
    at += node.raw.length
  }
}

/** @throws BuiltinError unless it has that tag */
export function childrenOf(
  node: DerNode | undefined,
  tag: number = tags.sequence,
): readonly DerNode[] {
  return expectTag(node, tag).children
}

/** @throws BuiltinError unless it has that tag */
export function expectTag(node: DerNode | undefined, tag: number): DerNode {
  if (node?.tag === tag) return node
  throw malformed(`wanted tag ${String(tag)}, got ${String(node?.tag)}`)
}

/** Of optional elements in that order: each where its turn comes, or undefined. What follows is passed over, as in Go. */
export function optionalsOf(
  nodes: readonly DerNode[],
  ...wanted: readonly number[]
): readonly (DerNode | undefined)[] {
  let at = 0
  return wanted.map((tag) => (nodes[at]?.tag === tag ? nodes[at++] : undefined))
}

/** In dots. @throws BuiltinError */
export function identifierOf(node: DerNode | undefined): string {
  const { block } = expectTag(node, tags.identifier)
  return (block as ObjectIdentifier).getValue()
}

/** @throws BuiltinError */
export function integerOf(node: DerNode | undefined): bigint {
  return integerFrom(expectTag(node, tags.integer).content)
}

/** Two's complement, in as few bytes as it can be, as under an implicit tag. @throws BuiltinError */
export function integerFrom(content: Buffer): bigint {
  if (content.length === 0) throw malformed('an integer has no digits')
  const value = BigInt.asIntN(8 * content.length, BigInt(`0x${content.toString('hex')}`))
  const isLonger = content.length > 1 && BigInt.asIntN(8 * (content.length - 1), value) === value
  if (isLonger) throw malformed('an integer is longer than it need be')
  return value
}

/** @throws BuiltinError */
export function booleanOf(node: DerNode): boolean {
  const [byte] = expectTag(node, tags.boolean).content
  if (byte !== 0 && byte !== 0xff) throw malformed('a boolean is neither')
  return byte === 0xff
}

/** The bits, moved to the right so that the unused ones are in front, as Go does. @throws BuiltinError */
export function bitsOf(node: DerNode | undefined): Buffer {
  const { unused, bytes } = bitString(node)
  return Buffer.from(
    bytes.map((byte, i) => (byte >> unused) | ((bytes[i - 1] ?? 0) << (8 - unused))),
  )
}

/** All of whose bits count, as those of a key. @throws BuiltinError */
export function wholeBytesOf(node: DerNode | undefined): Buffer {
  const { unused, bytes } = bitString(node)
  if (unused === 0) return bytes
  throw malformed('a key ends within a byte')
}

/** The numbers of the bits that are set, the first being 0. @throws BuiltinError */
export function setBitsOf(node: DerNode): readonly number[] {
  return [...bitString(node).bytes].flatMap((byte, i) =>
    [0, 1, 2, 3, 4, 5, 6, 7]
      .filter((bit) => (byte & (0x80 >> bit)) !== 0)
      .map((bit) => 8 * i + bit),
  )
}

/** Unused bits are zero (ITU-T X.690 section 11.2.1). */
function bitString(node: DerNode | undefined): {
  readonly unused: number
  readonly bytes: Buffer
} {
  const { content } = expectTag(node, tags.bitString)
  const [unused = 8] = content
  const bytes = content.subarray(1)
  const last = bytes.at(-1)
  const isSound = last === undefined ? unused === 0 : (last & ((1 << unused) - 1)) === 0
  if (unused > 7 || !isSound) throw malformed('a bit string is broken')
  return { unused, bytes }
}

export function malformed(what: string): BuiltinError {
  return new BuiltinError(`malformed: ${what}`)
}

function readFirst(bytes: Uint8Array): DerNode {
  const { result, offset } = failing(() => fromBER(bytes))
  if (offset === -1) throw malformed(result.error)
  return nodeOf(result)
}

/** asn1js passes over what stands behind the last child, and over lengths that are too long: here both count. */
function nodeOf(block: AsnType): DerNode {
  const raw = Buffer.from(block.valueBeforeDecodeView)
  const header = block.idBlock.blockLength + block.lenBlock.blockLength
  const content = raw.subarray(header)
  const children = block instanceof Constructed ? block.valueBlock.value.map(nodeOf) : []
  const length = children.reduce((sum, child) => sum + child.raw.length, 0)
  const isWhole = children.length === 0 || length === content.length
  const isShortest = block.lenBlock.blockLength === lengthOctets(content.length)
  if (!isWhole || !isShortest || block.lenBlock.length !== content.length)
    throw malformed('a length is wrong')
  return { block, tag: raw.readUInt8(0), raw, content, children }
}

/** How many the shortest form has (ITU-T X.690 section 10.1). */
function lengthOctets(length: number): number {
  return length < 0x80 ? 1 : 1 + Math.ceil(length.toString(16).length / 2)
}
