/** What leads from a certificate to others (RFC 5280 sections 4.2.1.1, 4.2.1.2, 4.2.1.13 and 4.2.2.1). */
import {
  childrenOf,
  explicit,
  expectTag,
  identifierOf,
  implicit,
  malformed,
  optionalsOf,
  readDer,
  tags,
} from './der.ts'
import type { Extension } from './extension.ts'

const ocsp = '1.3.6.1.5.5.7.48.1'
const issuers = '1.3.6.1.5.5.7.48.2'
const url = implicit(6)

/** @throws BuiltinError */
export function readSubjectKey({ isCritical, value }: Extension): Buffer {
  if (isCritical) throw malformed('the subject key identifier is critical')
  return expectTag(readDer(value), tags.octetString).content
}

/** @throws BuiltinError */
export function readKeyIdentifier({ isCritical, value }: Extension): Buffer | null {
  if (isCritical) throw malformed('the authority key identifier is critical')
  const [first] = childrenOf(readDer(value))
  return first?.tag === implicit(0) ? first.content : null
}

/** @throws BuiltinError */
export function readAuthorityAccess({ isCritical, value }: Extension): {
  readonly ocspServers: readonly string[]
  readonly issuerUrls: readonly string[]
} {
  if (isCritical) throw malformed('the access to the authority is critical')
  const found = childrenOf(readDer(value)).map((node) => {
    const [method, location] = childrenOf(node)
    const text = location?.tag === url ? location.content.toString() : null
    return { method: identifierOf(method), text }
  })
  const of = (wanted: string): readonly string[] =>
    found.flatMap(({ method, text }) => (method === wanted && text !== null ? [text] : []))
  return { ocspServers: of(ocsp), issuerUrls: of(issuers) }
}

/** Full names only, and of one point those up to the first that is no URL. @throws BuiltinError */
export function readDistributionPoints(value: Buffer): readonly string[] {
  return childrenOf(readDer(value)).flatMap((point) => {
    const [name] = optionalsOf(childrenOf(point), explicit(0))
    if (name === undefined) return []
    const full = childrenOf(name.children[0], explicit(0))
    const end = full.findIndex(({ tag }) => tag !== url)
    return full.slice(0, end === -1 ? full.length : end).map(({ content }) => content.toString())
  })
}
