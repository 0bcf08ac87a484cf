/** `net.cidr_*` that is not native to modules (OPA's v1/topdown/cidr.go). */
import { BuiltinError, type Builtins, RegoObject, RegoSet, type RegoValue } from '../rego-value.ts'
import {
  contains,
  type IpNetwork,
  isMapped,
  networkOf,
  networkOperand,
  parseAddress,
  parseNetwork,
  printAddress,
  printNetwork,
} from './ip-network.ts'
import { checkMembers, membersOperand, textOperand } from './operand.ts'

/** Without `text` it came of several. */
type Range = { readonly first: bigint; readonly last: bigint; readonly text?: string }

export const netBuiltins: Builtins = {
  'net.cidr_contains_matches': (_context, networks, others) =>
    new RegoSet(
      candidatesOf(networks).flatMap(([network, index]) =>
        candidatesOf(others)
          .filter(([other]) => containsText(network, other))
          .map(([, otherIndex]) => [index, otherIndex]),
      ),
    ),
  'net.cidr_expand': (_context, cidr) =>
    new RegoSet(addressesIn(networkOperand(textOperand(cidr)))),
  'net.cidr_is_valid': (_context, cidr) => typeof cidr === 'string' && parseNetwork(cidr) !== null,
  'net.cidr_merge': (_context, networks) =>
    new RegoSet(merged(membersOperand(networks).map(rangeOperand)).flatMap(textsOf)),
}

/** Networks, each with what names it in the result: itself, its index, its key, or the member it stands in. */
function candidatesOf(operand: RegoValue): readonly (readonly [RegoValue, RegoValue])[] {
  if (typeof operand === 'string') return [[operand, operand]]
  if (operand instanceof RegoSet)
    return operand.members.map((member) => [candidateOf(member), member])
  if (operand instanceof RegoObject)
    return operand.entries.map(([key, value]) => [candidateOf(value), key])
  if (Array.isArray(operand))
    return (operand as readonly RegoValue[]).map((item, i) => [candidateOf(item), i])
  return []
}

/** A text, or the first of a tuple. */
function candidateOf(value: RegoValue): RegoValue {
  if (typeof value === 'string') return value
  const first = Array.isArray(value) ? (value as readonly RegoValue[])[0] : undefined
  if (first === undefined) throw new BuiltinError('element must be string or non-empty array')
  return first
}

function containsText(network: RegoValue, other: RegoValue): boolean {
  const outer = networkOperand(textOperand(network))
  const text = textOperand(other)
  const address = parseAddress(text)
  const inner = address === null ? networkOperand(text) : { first: address, last: address }
  return contains(outer, inner)
}

function addressesIn({ first, last }: IpNetwork): readonly string[] {
  const count = last - first + 1n
  checkMembers(count)
  return Array.from({ length: Number(count) }, (_, i) => printAddress(first + BigInt(i)))
}

/** A network; or an IPv4 address, which stands for the network of its class. */
function rangeOperand(value: RegoValue): Range {
  const text = textOperand(value)
  const address = parseAddress(text)
  if (address === null) return networkOperand(text)
  if (!isMapped(address)) throw new BuiltinError('IPv6 invalid: needs prefix length')
  const top = (address >> 24n) & 0xffn
  const bits = 96 + (top < 0x80n ? 8 : top < 0xc0n ? 16 : 24)
  return { ...networkOf(address, bits), text: printNetwork(address, bits) }
}

/** Ranges that overlap or touch become one. */
function merged(ranges: readonly Range[]): readonly Range[] {
  const sorted = [...ranges].sort((a, b) => Number(a.last - b.last) || Number(a.first - b.first))
  const done: Range[] = []
  for (let at = sorted.pop(); at !== undefined; at = sorted.pop()) {
    const below = sorted.at(-1)
    if (below === undefined || at.first - 1n > below.last) done.push(at)
    else
      sorted.splice(-1, 1, {
        first: at.first < below.first ? at.first : below.first,
        last: at.last,
      })
  }
  return done
}

/** The fewest networks that cover a range and nothing else. */
function textsOf({ first, last, text }: Range): readonly string[] {
  if (text !== undefined) return [text]
  const texts: string[] = []
  for (let from = first; from <= last;) {
    let bits = 128
    while (bits > 0 && fits(networkOf(from, bits - 1), from, last)) bits -= 1
    const network = networkOf(from, bits)
    texts.push(network.text)
    from = network.last + 1n
  }
  return texts
}

function fits(network: IpNetwork, from: bigint, last: bigint): boolean {
  return network.first === from && network.last <= last
}
