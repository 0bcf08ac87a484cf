/** Names of a subject beside its distinguished one (RFC 5280 section 4.2.1.6): those kinds that Go reads. */
import type { RegoValue } from '../../rego-value.ts'
import { type GoUrl, parseUrl, printUrl } from '../go-url.ts'
import { printAddress } from '../ip-network.ts'
import { childrenOf, implicit, malformed, readDer } from './der.ts'
import { ia5 } from './der-text.ts'
import { isDomain } from './domain.ts'
import { listOrNull, objectFrom } from './value.ts'

export type AlternativeNames = {
  readonly emails: readonly string[]
  readonly domains: readonly string[]
  readonly urls: readonly GoUrl[]
  /** Of 4 or 16 bytes. */
  readonly addresses: readonly Buffer[]
}

export const noNames: AlternativeNames = { emails: [], domains: [], urls: [], addresses: [] }

/** @param extension its DER @throws BuiltinError */
export function readAlternativeNames(extension: Buffer): AlternativeNames {
  const names = childrenOf(readDer(extension))
  const of = (kind: number): readonly Buffer[] =>
    names.filter(({ tag }) => tag === implicit(kind)).map(({ content }) => content)
  return {
    emails: of(1).map(ia5),
    domains: of(2).map(ia5),
    urls: of(6).map(urlOf),
    addresses: of(7).map(addressOf),
  }
}

/** The members of the same names that certificates and requests have. */
export function alternativeNameMembers(
  names: AlternativeNames,
): Readonly<Record<string, RegoValue>> {
  return {
    DNSNames: listOrNull(names.domains),
    EmailAddresses: listOrNull(names.emails),
    IPAddresses: listOrNull(names.addresses.map(addressText)),
    URIs: listOrNull(names.urls.map(urlValue)),
  }
}

export function urlTexts({ urls }: AlternativeNames): RegoValue {
  return listOrNull(urls.map(printUrl))
}

/** @param bytes 4 or 16 */
export function addressText(bytes: Buffer): string {
  return printAddress(addressNumber(bytes))
}

/** In the space of IPv6. @param bytes 4 or 16 */
export function addressNumber(bytes: Buffer): bigint {
  const value = BigInt(`0x${bytes.toString('hex')}`)
  return bytes.length === 4 ? (0xffffn << 32n) | value : value
}

/** As Go's url.URL is written as JSON: of the user only that there is one. */
function urlValue(url: GoUrl): RegoValue {
  return objectFrom({
    Scheme: url.scheme,
    Opaque: url.opaque,
    User: url.user === null ? null : objectFrom({}),
    Host: url.host,
    Path: url.path.plain,
    RawPath: url.path.raw,
    Fragment: url.fragment.plain,
    RawFragment: url.fragment.raw,
    RawQuery: url.query,
    ForceQuery: url.hasEmptyQuery,
    OmitHost: url.omitsHost,
  })
}

function urlOf(content: Buffer): GoUrl {
  const url = parseUrl(ia5(content))
  if (!isDomain(url.host)) throw malformed('a URI names a host that is none')
  return url
}

function addressOf(content: Buffer): Buffer {
  if (content.length === 4 || content.length === 16) return content
  throw malformed('an address has neither 4 nor 16 bytes')
}
