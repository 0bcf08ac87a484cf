/**
 * Name constraints of an authority (RFC 5280 section 4.2.1.10) against a certificate below it.
 *
 * URIs and domains are compared. A kind that is not compared here and of which the certificate has a name refuses
 * the path: a constraint is never passed over.
 */
import {
  nameKinds,
  type AlternativeName,
  type Certificate,
  type NameConstraints,
} from './certificate.ts'

const emailAddress = '2a864886f70d010901'

export function satisfiesConstraints(
  below: Pick<Certificate, 'names' | 'subject'>,
  { permitted, excluded }: NameConstraints,
): boolean {
  const constrained = new Set([...permitted, ...excluded].map(({ kind }) => kind))
  return (
    below.names.every((name) => !constrained.has(name.kind) || isLet(name, permitted, excluded)) &&
    !(constrained.has(nameKinds.directory) && !isEmptyName(below.subject)) &&
    !(constrained.has(nameKinds.email) && below.subject.includes(emailAddress))
  )
}

/** A sequence of nothing. */
function isEmptyName(subject: string): boolean {
  return subject === '3000'
}

function isLet(
  { kind, text }: AlternativeName,
  permitted: readonly AlternativeName[],
  excluded: readonly AlternativeName[],
): boolean {
  const host = hostOf(kind, text)
  if (host === null) return false
  const basesOf = (list: readonly AlternativeName[]): readonly string[] =>
    list.filter((base) => base.kind === kind).map((base) => base.text.toLowerCase())
  const allowed = basesOf(permitted)
  // Read narrowly where it permits, and widely where it excludes: a URI's constraint without a dot is one host.
  const isPermitted = kind === nameKinds.uri ? isUriHost : isUnder
  return (
    (allowed.length === 0 || allowed.some((base) => isPermitted(host, base))) &&
    !basesOf(excluded).some((base) => isUnder(host, base) || mayMean(host, base))
  )
}

/** The host name that is compared; null where there is none. */
function hostOf(kind: number, text: string): string | null {
  if (kind === nameKinds.domain) return isHostName(text) ? text.toLowerCase() : null
  const [, host = ''] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#@:]+)(?:[/?#]|$)/i.exec(text) ?? []
  return kind === nameKinds.uri && isHostName(host) ? host.toLowerCase() : null
}

/** Not an address, for which a constraint says nothing (RFC 5280: the URI must have a host name). */
function isHostName(text: string): boolean {
  return /^(?:\*\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/.test(text) && !/(?:^|\.)\d+$/.test(text)
}

function isUriHost(host: string, base: string): boolean {
  return base.startsWith('.') ? host.endsWith(base) : host === base
}

/** The base itself or below it; an empty base is everything. */
function isUnder(host: string, base: string): boolean {
  const bare = base.replace(/^\./, '')
  return bare === '' || host === bare || host.endsWith(`.${bare}`)
}

/** A wildcard could stand for the base, or for something below it. */
function mayMean(host: string, base: string): boolean {
  return host.startsWith('*.') && base.endsWith(host.slice(1))
}
