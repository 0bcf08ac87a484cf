/** `crypto.x509.parse_certificate_request`: PKCS #10 (RFC 2986), as Go shows an x509.CertificateRequest. */
import type { RegoObject, RegoValue } from '../../rego-value.ts'
import { readPem } from '../pem.ts'
import { signatureAlgorithmOf } from './algorithm.ts'
import { alternativeNameMembers, noNames, readAlternativeNames } from './alternative-names.ts'
import { attributeValues } from './attribute.ts'
import { bytesOfBase64 } from './certificate.ts'
import {
  bitsOf,
  childrenOf,
  type DerNode,
  explicit,
  identifierOf,
  integerOf,
  malformed,
  readDer,
  tags,
} from './der.ts'
import { type Extension, extensionsOf, extensionValues } from './extension.ts'
import { nameOf } from './name.ts'
import { publicKeyOf } from './public-key.ts'
import { base64, objectFrom } from './value.ts'

const extensionRequest = '1.2.840.113549.1.9.14'
const alternativeNames = '2.5.29.17'

/** @throws BuiltinError */
export function requestValue(text: string): RegoObject {
  const request = readDer(requestBytes(text))
  const [signed, algorithm, signature] = childrenOf(request)
  const [version, subject, publicKey, attributes] = childrenOf(signed)
  if (signed === undefined || subject === undefined || publicKey === undefined)
    throw malformed('a request lacks a part')
  const key = publicKeyOf(publicKey)
  const extensions = requestedExtensions(childrenOf(attributes, explicit(0)))
  return objectFrom({
    Raw: base64(request.raw),
    RawTBSCertificateRequest: base64(signed.raw),
    RawSubjectPublicKeyInfo: base64(publicKey.raw),
    RawSubject: base64(subject.raw),
    Version: Number(integerOf(version)),
    Signature: base64(bitsOf(signature)),
    SignatureAlgorithm: signatureAlgorithmOf(algorithm)?.number ?? 0,
    PublicKeyAlgorithm: key.number,
    PublicKey: key.value,
    Subject: nameOf(subject),
    Attributes: attributeValues(attributes?.children ?? []),
    Extensions: extensionValues(extensions),
    ExtraExtensions: null,
    ...nameMembers(extensions),
  })
}

/** PEM, or base64 of either; PEM of another kind is refused. */
function requestBytes(text: string): Buffer {
  const isPem = text.startsWith('-----BEGIN CERTIFICATE REQUEST-----')
  const bytes = isPem ? Buffer.from(text) : bytesOfBase64(text)
  const block = readPem(bytes.toString())
  if (block === null) return bytes
  if (block.label !== 'CERTIFICATE REQUEST') throw malformed(`a PEM block is of ${block.label}`)
  return block.bytes
}

function requestedExtensions(attributes: readonly DerNode[]): readonly Extension[] {
  return attributes.flatMap((attribute) => {
    const [type, values] = childrenOf(attribute)
    if (identifierOf(type) !== extensionRequest || values?.children.length === 0) return []
    return extensionsOf(childrenOf(values, tags.set)[0])
  })
}

function nameMembers(extensions: readonly Extension[]): Readonly<Record<string, RegoValue>> {
  const extension = extensions.find(({ type }) => type === alternativeNames)
  const names = extension === undefined ? noNames : readAlternativeNames(extension.value)
  return alternativeNameMembers(names)
}
