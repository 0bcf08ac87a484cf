/** Certificates as Go's encoding/json writes an x509.Certificate, member for member. */
import type { RegoObject, RegoValue } from '../../rego-value.ts'
import { numberOf } from '../operand.ts'
import { addressText, alternativeNameMembers, urlTexts } from './alternative-names.ts'
import type { Certificate } from './certificate.ts'
import { extensionValues } from './extension.ts'
import type { Subtrees } from './name-constraints.ts'
import { purposes } from './usage.ts'
import { base64, listOrNull, numbersOf, objectFrom } from './value.ts'

type Members = Readonly<Record<string, RegoValue>>

/** @param withUrls also `URIStrings`, which OPA adds where certificates are parsed */
export function certificateValue(certificate: Certificate, withUrls: boolean): RegoObject {
  return objectFrom({
    ...mainMembers(certificate),
    ...usageMembers(certificate),
    ...pointerMembers(certificate),
    ...alternativeNameMembers(certificate.facts.names),
    ...constraintMembers(certificate),
    ...policyMembers(certificate),
    ...(withUrls && { URIStrings: urlTexts(certificate.facts.names) }),
  })
}

function mainMembers(certificate: Certificate): Members {
  const { algorithm, publicKey, extensions, facts } = certificate
  return {
    Raw: base64(certificate.raw),
    RawTBSCertificate: base64(certificate.rawSigned),
    RawSubjectPublicKeyInfo: base64(certificate.rawPublicKey),
    RawSubject: base64(certificate.rawSubject),
    RawIssuer: base64(certificate.rawIssuer),
    Signature: base64(certificate.signature),
    SignatureAlgorithm: algorithm?.number ?? 0,
    PublicKeyAlgorithm: publicKey.number,
    PublicKey: publicKey.value,
    Version: certificate.version,
    SerialNumber: numberOf(certificate.serial),
    Issuer: certificate.issuer,
    Subject: certificate.subject,
    NotBefore: timeText(certificate.notBefore),
    NotAfter: timeText(certificate.notAfter),
    Extensions: extensionValues(extensions),
    ExtraExtensions: null,
    UnhandledCriticalExtensions: listOrNull(facts.unhandled.map(numbersOf)),
  }
}

function usageMembers({ facts }: Certificate): Members {
  const numbers = facts.usages.map((usage) => purposes.findIndex(([type]) => type === usage))
  const unknown = facts.usages.filter((_, i) => numbers[i] === -1)
  const { isAuthority = false, pathLength = 0 } = facts.basicConstraints ?? {}
  return {
    KeyUsage: facts.keyUsage,
    ExtKeyUsage: listOrNull(numbers.filter((number) => number !== -1)),
    UnknownExtKeyUsage: listOrNull(unknown.map(numbersOf)),
    BasicConstraintsValid: facts.basicConstraints !== null,
    IsCA: isAuthority,
    MaxPathLen: pathLength,
    MaxPathLenZero: facts.basicConstraints?.pathLength === 0,
  }
}

function pointerMembers({ facts }: Certificate): Members {
  return {
    SubjectKeyId: facts.subjectKey === null ? null : base64(facts.subjectKey),
    AuthorityKeyId: facts.authorityKey === null ? null : base64(facts.authorityKey),
    OCSPServer: listOrNull(facts.ocspServers),
    IssuingCertificateURL: listOrNull(facts.issuerUrls),
    CRLDistributionPoints: listOrNull(facts.distributionPoints),
  }
}

function constraintMembers({ facts: { nameConstraints } }: Certificate): Members {
  return {
    PermittedDNSDomainsCritical: nameConstraints.isCritical,
    ...subtreeMembers('Permitted', nameConstraints.permitted),
    ...subtreeMembers('Excluded', nameConstraints.excluded),
  }
}

function subtreeMembers(kind: string, subtrees: Subtrees): Members {
  const ranges = subtrees.ranges.map(({ address, mask }) =>
    objectFrom({ IP: addressText(address), Mask: base64(mask) }),
  )
  return {
    [`${kind}DNSDomains`]: listOrNull(subtrees.domains),
    [`${kind}IPRanges`]: listOrNull(ranges),
    [`${kind}EmailAddresses`]: listOrNull(subtrees.emails),
    [`${kind}URIDomains`]: listOrNull(subtrees.urlDomains),
  }
}

function policyMembers({ facts }: Certificate): Members {
  const { policies, policyMappings } = facts
  const mappings = policyMappings.map(({ issuer, subject }) =>
    objectFrom({ IssuerDomainPolicy: issuer, SubjectDomainPolicy: subject }),
  )
  return {
    // Those whose numbers Go's older type can hold.
    PolicyIdentifiers: policies?.filter(isSmall).map(numbersOf) ?? null,
    Policies: listOrNull(policies ?? []),
    PolicyMappings: listOrNull(mappings),
    ...countMembers('InhibitAnyPolicy', facts.inhibitAnyPolicy),
    ...countMembers('InhibitPolicyMapping', facts.inhibitPolicyMapping),
    ...countMembers('RequireExplicitPolicy', facts.requireExplicitPolicy),
  }
}

function isSmall(identifier: string): boolean {
  return identifier.split('.').every((number) => Number(number) < 2 ** 31)
}

function countMembers(name: string, count: number | null): Members {
  return { [name]: count ?? 0, [`${name}Zero`]: count === 0 }
}

function timeText(time: Date): string {
  return time.toISOString().replace('.000Z', 'Z')
}
