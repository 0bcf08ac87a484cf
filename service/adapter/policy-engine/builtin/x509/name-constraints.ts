/** Which names the authorities below may certify (RFC 5280 section 4.2.1.10). */
import { isIP } from 'node:net'
import { isDomainConstraint } from './domain.ts'
import {
  childrenOf,
  type DerNode,
  explicit,
  implicit,
  malformed,
  optionalsOf,
  readDer,
} from './der.ts'
import { ia5 } from './der-text.ts'
import type { Extension } from './extension.ts'
import { parseMailbox } from './mailbox.ts'

export type IpRange = { readonly address: Buffer; readonly mask: Buffer }

export type Subtrees = {
  readonly domains: readonly string[]
  readonly ranges: readonly IpRange[]
  /** Mailboxes or domains. */
  readonly emails: readonly string[]
  readonly urlDomains: readonly string[]
}

export type NameConstraints = {
  readonly isThere: boolean
  readonly isCritical: boolean
  readonly permitted: Subtrees
  readonly excluded: Subtrees
}

const noSubtrees: Subtrees = { domains: [], ranges: [], emails: [], urlDomains: [] }
export const emptyConstraints: NameConstraints = {
  isThere: false,
  isCritical: false,
  permitted: noSubtrees,
  excluded: noSubtrees,
}

/** Kinds of names that are not read leave a critical extension unhandled. @throws BuiltinError */
export function readNameConstraints({ isCritical, value }: Extension): {
  readonly nameConstraints: NameConstraints
  readonly isUnhandled: boolean
} {
  const parts = childrenOf(readDer(value))
  const subtrees = optionalsOf(parts, explicit(0), explicit(1))
  const bases = subtrees.map((node) => (node?.children ?? []).map(baseOf))
  const all = bases.flat()
  if (subtrees.filter((node) => node !== undefined).length !== parts.length || all.length === 0)
    throw malformed('name constraints say nothing')
  const nameConstraints = {
    isThere: true,
    isCritical,
    permitted: subtreesOf(bases[0] ?? []),
    excluded: subtreesOf(bases[1] ?? []),
  }
  return { nameConstraints, isUnhandled: all.some(({ tag }) => !readKinds.includes(tag)) }
}

const readKinds = [1, 2, 6, 7].map(implicit)

function baseOf(subtree: DerNode): DerNode {
  const [base] = childrenOf(subtree)
  if (base === undefined) throw malformed('a subtree has no base')
  return base
}

function subtreesOf(bases: readonly DerNode[]): Subtrees {
  const of = (kind: number): readonly Buffer[] =>
    bases.filter(({ tag }) => tag === implicit(kind)).map(({ content }) => content)
  return {
    emails: of(1).map((content) => checked(ia5(content), isMailboxOrDomain)),
    domains: of(2).map((content) => checked(ia5(content), isDomainConstraint)),
    urlDomains: of(6).map((content) => checked(ia5(content), isUrlDomain)),
    ranges: of(7).map(rangeOf),
  }
}

function checked(text: string, isRight: (text: string) => boolean): string {
  if (!isRight(text)) throw malformed('a name constraint is none')
  return text
}

function isMailboxOrDomain(text: string): boolean {
  return text.includes('@') ? parseMailbox(text) !== null : isDomainConstraint(text)
}

function isUrlDomain(text: string): boolean {
  return isIP(text) === 0 && isDomainConstraint(text)
}

function rangeOf(content: Buffer): IpRange {
  if (content.length !== 8 && content.length !== 32) throw malformed('an IP range is none')
  const half = content.length / 2
  const [address, mask] = [content.subarray(0, half), content.subarray(half)]
  const bits = [...mask].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  if (bits.includes('01')) throw malformed('a mask has a gap')
  return { address, mask }
}
