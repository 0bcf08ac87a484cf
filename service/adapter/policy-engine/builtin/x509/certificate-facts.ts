/** What the extensions of a certificate say (RFC 5280 section 4.2), as far as Go reads them. */
import { type AlternativeNames, noNames, readAlternativeNames } from './alternative-names.ts'
import type { Extension } from './extension.ts'
import { emptyConstraints, type NameConstraints, readNameConstraints } from './name-constraints.ts'
import {
  readAuthorityAccess,
  readDistributionPoints,
  readKeyIdentifier,
  readSubjectKey,
} from './pointers.ts'
import {
  readInhibitAny,
  readPolicies,
  readPolicyConstraints,
  readPolicyMappings,
  type PolicyMapping,
} from './policies.ts'
import { type BasicConstraints, readBasicConstraints, readKeyUsage, readUsages } from './usage.ts'

export type CertificateFacts = {
  readonly names: AlternativeNames
  readonly keyUsage: number
  /** Identifiers of purposes, in order. */
  readonly usages: readonly string[]
  /** Null without the extension. */
  readonly basicConstraints: BasicConstraints | null
  readonly subjectKey: Buffer | null
  readonly authorityKey: Buffer | null
  readonly ocspServers: readonly string[]
  readonly issuerUrls: readonly string[]
  readonly distributionPoints: readonly string[]
  readonly nameConstraints: NameConstraints
  readonly policies: readonly string[] | null
  readonly policyMappings: readonly PolicyMapping[]
  /** Of the following three, null is what is not said. */
  readonly requireExplicitPolicy: number | null
  readonly inhibitPolicyMapping: number | null
  readonly inhibitAnyPolicy: number | null
  /** Critical ones that nobody here understands. */
  readonly unhandled: readonly string[]
}

type Said = Partial<CertificateFacts> & {
  /** That nothing of it was understood, though the extension as such is known. */
  readonly isUnhandled?: boolean
}

const readers: ReadonlyMap<string, (extension: Extension) => Said> = new Map<
  string,
  (extension: Extension) => Said
>([
  ['2.5.29.14', (extension) => ({ subjectKey: readSubjectKey(extension) })],
  ['2.5.29.15', ({ value }) => ({ keyUsage: readKeyUsage(value) })],
  ['2.5.29.17', ({ value }) => namesOf(value)],
  ['2.5.29.19', ({ value }) => ({ basicConstraints: readBasicConstraints(value) })],
  ['2.5.29.30', (extension) => readNameConstraints(extension)],
  ['2.5.29.31', ({ value }) => ({ distributionPoints: readDistributionPoints(value) })],
  ['2.5.29.32', ({ value }) => ({ policies: readPolicies(value) })],
  ['2.5.29.33', ({ value }) => ({ policyMappings: readPolicyMappings(value) })],
  ['2.5.29.35', (extension) => ({ authorityKey: readKeyIdentifier(extension) })],
  ['2.5.29.36', ({ value }) => readPolicyConstraints(value)],
  ['2.5.29.37', ({ value }) => ({ usages: readUsages(value) })],
  ['2.5.29.54', ({ value }) => ({ inhibitAnyPolicy: readInhibitAny(value) })],
  ['1.3.6.1.5.5.7.1.1', (extension) => readAuthorityAccess(extension)],
])

const nothing: CertificateFacts = {
  names: noNames,
  keyUsage: 0,
  usages: [],
  basicConstraints: null,
  subjectKey: null,
  authorityKey: null,
  ocspServers: [],
  issuerUrls: [],
  distributionPoints: [],
  nameConstraints: emptyConstraints,
  policies: null,
  policyMappings: [],
  requireExplicitPolicy: null,
  inhibitPolicyMapping: null,
  inhibitAnyPolicy: null,
  unhandled: [],
}

/** @throws BuiltinError */
export function readFacts(extensions: readonly Extension[]): CertificateFacts {
  const said = extensions.map((extension) => {
    const read = readers.get(extension.type)
    const { isUnhandled = false, ...facts } = read?.(extension) ?? { isUnhandled: true }
    return { facts, unhandled: isUnhandled && extension.isCritical ? [extension.type] : [] }
  })
  return Object.assign({}, nothing, ...said.map(({ facts }) => facts), {
    unhandled: said.flatMap(({ unhandled }) => unhandled),
  }) as CertificateFacts
}

/** Names of other kinds only are as good as not understood. */
function namesOf(value: Buffer): Said {
  const names = readAlternativeNames(value)
  const isUnhandled = Object.values(names).every((list) => list.length === 0)
  return { names, isUnhandled }
}
