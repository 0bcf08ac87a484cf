/**
 * Addresses and networks of IP as text and as numbers, as Go's package net reads and prints them: an IPv4-mapped
 * IPv6 address is the IPv4 address (RFC 4291 section 2.5.5.2).
 */
import { isIPv4, isIPv6 } from 'node:net'
import { BuiltinError } from '../rego-value.ts'

/** In the space of IPv6, in which IPv4 is `::ffff:0:0/96`. */
export type IpNetwork = {
  readonly first: bigint
  readonly last: bigint
  /** How it is printed. */
  readonly text: string
}

const mapped = 0xffffn << 32n
const all = (1n << 128n) - 1n

/** Null when the text is no address; zones are none. */
export function parseAddress(text: string): bigint | null {
  if (isIPv4(text)) return mapped | valueOf(text.split('.'), 10, 8n)
  if (!isIPv6(text) || text.includes('%')) return null
  return valueOf(groupsOf(text), 16, 16n)
}

/** Null when the text is no network: `address/bits`. */
export function parseNetwork(text: string): IpNetwork | null {
  const [, address = '', bits = ''] = /^([^/]*)\/(0|[1-9]\d{0,2}|0\d+)$/.exec(text) ?? []
  const value = parseAddress(address)
  const size = isIPv4(address) ? 32 : 128
  if (value === null || bits === '' || Number(bits) > size) return null
  return networkOf(value, Number(bits) + 128 - size)
}

/** @throws BuiltinError */
export function networkOperand(text: string): IpNetwork {
  const network = parseNetwork(text)
  if (network === null) throw new BuiltinError(`invalid CIDR address: ${text}`)
  return network
}

/** @param bits of the prefix, out of 128 */
export function networkOf(address: bigint, bits: number): IpNetwork {
  const hosts = all >> BigInt(bits)
  const first = address & (all ^ hosts)
  return { first, last: first | hosts, text: printNetwork(first, bits) }
}

export function printNetwork(address: bigint, bits: number): string {
  const shown = isMapped(address) && bits >= 96 ? bits - 96 : bits
  return `${printAddress(address)}/${String(shown)}`
}

export function printAddress(address: bigint): string {
  if (isMapped(address)) return groupsIn(address, 4, 8n).join('.')
  const hex = groupsIn(address, 8, 16n).map((group) => group.toString(16))
  return compressed(hex)
}

/** Addresses of one family lie in a network of that family only. */
export function contains(
  network: IpNetwork,
  { first, last }: Pick<IpNetwork, 'first' | 'last'>,
): boolean {
  const isOfFamily = isMapped(network.first) === isMapped(first)
  return isOfFamily && network.first <= first && last <= network.last
}

export function isMapped(address: bigint): boolean {
  return address >> 32n === 0xffffn
}

function valueOf(groups: readonly string[], radix: number, bits: bigint): bigint {
  return groups.reduce((value, group) => (value << bits) | BigInt(parseInt(group, radix)), 0n)
}

/** All eight groups of an IPv6 address; what stands in dots at its end becomes two. */
function groupsOf(text: string): readonly string[] {
  const plain = text.replace(/[^:]+\.[^:]+$/, (dotted) => {
    const value = valueOf(dotted.split('.'), 10, 8n)
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`
  })
  const [head = '', tail] = plain.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after]
}

function groupsIn(address: bigint, count: number, bits: bigint): readonly bigint[] {
  const mask = (1n << bits) - 1n
  return Array.from({ length: count }, (_, i) => (address >> (bits * BigInt(count - 1 - i))) & mask)
}

/** The first longest run of two zeros or more becomes `::` (RFC 5952 section 4.2). */
function compressed(groups: readonly string[]): string {
  const runs = groups.map((_, from) => {
    const end = groups.findIndex((group, i) => i >= from && group !== '0')
    return { from, length: (end === -1 ? groups.length : end) - from }
  })
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best))
  if (longest.length < 2) return groups.join(':')
  const [head, tail] = [groups.slice(0, longest.from), groups.slice(longest.from + longest.length)]
  return `${head.join(':')}::${tail.join(':')}`
}
