/**
 * Extensions on which nothing rests here (RFC 5280 sections 4.2.1 and 4.2.2): no one follows what they say, but they
 * are what they should be, so that a certificate has one reading wherever it is read.
 */
import {
  childrenOf,
  contentOf,
  identifierOf,
  MalformedDer,
  readDer,
  smallIntegerOf,
  tags,
  type Der,
} from './der.ts'
import { nameOf } from './general-name.ts'

type Check = (value: Der) => void

const each =
  (check: Check): Check =>
  (value) => {
    childrenOf(value).forEach(check)
  }

/** By the content of the identifier, in hexadecimal. */
const checks: Readonly<Record<string, Check>> = {
  // subjectKeyIdentifier
  '551d0e': (value) => contentOf(value, tags.octetString),
  // cRLDistributionPoints
  '551d1f': each(checkPoint),
  // certificatePolicies
  '551d20': each((policy) => {
    const [type, qualifiers, ...more] = childrenOf(policy)
    identifierOf(type)
    if (qualifiers !== undefined) each((one) => childrenOf(one))(qualifiers)
    refuseMore(more)
  }),
  // policyMappings
  '551d21': each((mapping) => {
    const [issuer, subject, ...more] = childrenOf(mapping)
    identifierOf(issuer)
    identifierOf(subject)
    refuseMore(more)
  }),
  // authorityKeyIdentifier
  '551d23': (value) => {
    expectTags(childrenOf(value), [0x80, 0xa1, 0x82])
  },
  // policyConstraints
  '551d24': (value) => {
    const parts = childrenOf(value)
    expectTags(parts, [0x80, 0x81])
    for (const { content, raw } of parts) smallIntegerOf({ tag: tags.integer, content, raw })
  },
  // inhibitAnyPolicy
  '551d36': smallIntegerOf,
  // authorityInfoAccess
  '2b06010505070101': each((access) => {
    const [method, place, ...more] = childrenOf(access)
    identifierOf(method)
    if (place === undefined) throw new MalformedDer('a place is missing')
    nameOf(place)
    refuseMore(more)
  }),
}

/** Whatever is not listed may hold what it likes. @throws MalformedDer */
export function checkUnused(type: string, content: Uint8Array): void {
  const check = Object.hasOwn(checks, type) ? checks[type] : undefined
  check?.(readDer(content))
}

/** A name of the list, as GeneralNames; one that is relative to an issuer is not in use. */
function checkPoint(point: Der): void {
  const parts = childrenOf(point)
  expectTags(parts, [0xa0, 0x81, 0xa2])
  const name = parts.find(({ tag }) => tag === 0xa0)
  if (name === undefined) return
  const [full, ...more] = childrenOf(name, 0xa0)
  childrenOf(full, 0xa0).forEach(nameOf)
  refuseMore(more)
}

/** Each at most once, and in that order. */
function expectTags(parts: readonly Der[], allowed: readonly number[]): void {
  const places = parts.map(({ tag }) => allowed.indexOf(tag))
  if (places.some((place, i) => place <= (places[i - 1] ?? -1)))
    throw new MalformedDer('a part is of no known kind')
}

function refuseMore(more: readonly Der[]): void {
  if (more.length > 0) throw new MalformedDer('there is more than there should be')
}
