/** Name constraints along a chain (RFC 5280 section 4.2.1.10): those of an authority bind all below it. */
import { isIP } from 'node:net'
import type { GoUrl } from '../go-url.ts'
import { isMapped } from '../ip-network.ts'
import { type AlternativeNames, addressNumber } from './alternative-names.ts'
import type { Certificate } from './certificate.ts'
import { isDomain } from './domain.ts'
import { type Mailbox, parseMailbox } from './mailbox.ts'
import type { IpRange, NameConstraints } from './name-constraints.ts'

/** What cannot be read cannot be held against constraints, and is not permitted. */
type Names = {
  readonly domains: readonly string[]
  readonly addresses: readonly Buffer[]
  readonly mailboxes: readonly (Mailbox | null)[]
  readonly hosts: readonly (string | null)[]
}

/** @param chain from the leaf to the root */
export function areNamesPermitted(chain: readonly Certificate[]): boolean {
  return chain.every(({ extensions, facts }, i) => {
    const above = chain
      .slice(i + 1)
      .map((authority) => authority.facts.nameConstraints)
      .filter(({ isThere }) => isThere)
    if (above.length === 0 || !extensions.some(({ type }) => type === '2.5.29.17')) return true
    const names = namesOf(facts.names)
    return above.every((constraints) => satisfies(names, constraints))
  })
}

function namesOf({ domains, addresses, emails, urls }: AlternativeNames): Names {
  return { domains, addresses, mailboxes: emails.map(parseMailbox), hosts: urls.map(hostOf) }
}

/** Without its port; null for addresses and for none at all. */
function hostOf({ host }: GoUrl): string | null {
  const plain = host.endsWith(']') ? host : host.replace(/:[^:]*$/, '')
  const isName = plain !== '' && isIP(plain) === 0 && !/[:[\]]/.test(plain)
  return isName ? plain : null
}

function satisfies(names: Names, { permitted, excluded }: NameConstraints): boolean {
  const { domains, addresses, mailboxes, hosts } = names
  return (
    addresses.every(
      (address) =>
        isLet(permitted.ranges, (ranges) => isInRanges(address, ranges)) &&
        !isInRanges(address, excluded.ranges),
    ) &&
    domains.every((domain) => isDomainLet(domain, permitted.domains, excluded.domains)) &&
    hosts.every((host) => isDomainLet(host, permitted.urlDomains, excluded.urlDomains)) &&
    mailboxes.every((mailbox) => isMailboxLet(mailbox, permitted.emails, excluded.emails))
  )
}

/** A kind of name of which nothing is said is free. */
function isLet<T>(permitted: readonly T[], isIn: (permitted: readonly T[]) => boolean): boolean {
  return permitted.length === 0 || isIn(permitted)
}

function isDomainLet(
  name: string | null,
  permitted: readonly string[],
  excluded: readonly string[],
): boolean {
  if (name === null || !isDomain(name)) return false
  const isPermitted = isLet(permitted, (some) => some.some((one) => isUnder(name, one)))
  return isPermitted && !excluded.some((one) => isUnder(name, one) || mayMean(name, one))
}

function isMailboxLet(
  mailbox: Mailbox | null,
  permitted: readonly string[],
  excluded: readonly string[],
): boolean {
  if (mailbox === null || !isDomain(mailbox.domain)) return false
  const isPermitted = isLet(permitted, (some) => some.some((one) => isMailboxUnder(mailbox, one)))
  return (
    isPermitted &&
    !excluded.some(
      (one) => isMailboxUnder(mailbox, one) || (!one.includes('@') && mayMean(mailbox.domain, one)),
    )
  )
}

/** @param constraint a mailbox or a domain */
function isMailboxUnder({ local, domain }: Mailbox, constraint: string): boolean {
  if (!constraint.includes('@')) return isUnder(domain, constraint)
  const exact = parseMailbox(constraint)
  return exact?.local === local && exact.domain.toLowerCase() === domain.toLowerCase()
}

/** The domain itself, or one below it; of a constraint with a dot in front only those below. */
function isUnder(name: string, constraint: string): boolean {
  const [lower, suffix] = [name.toLowerCase(), constraint.toLowerCase()]
  if (suffix === '') return true
  return lower.endsWith(suffix) && (suffix.startsWith('.') || isAtLabel(lower, suffix))
}

function isAtLabel(name: string, suffix: string): boolean {
  return name.length === suffix.length || name.at(-suffix.length - 1) === '.'
}

/** A wildcard that could stand for what is excluded. */
function mayMean(name: string, constraint: string): boolean {
  const parent = /\..*$/s.exec(constraint.toLowerCase())?.[0]
  return (
    name.startsWith('*') &&
    parent !== undefined &&
    /\..*$/s.exec(name.toLowerCase())?.[0] === parent
  )
}

/** An IPv4 address in the clothes of IPv6 is in no range, as in Go. */
function isInRanges(address: Buffer, ranges: readonly IpRange[]): boolean {
  if (address.length === 16 && isMapped(addressNumber(address))) return false
  return ranges.some(
    ({ address: base, mask }) =>
      base.length === address.length &&
      mask.every((bits, i) => ((base[i] ?? 0) & bits) === ((address[i] ?? 0) & bits)),
  )
}
