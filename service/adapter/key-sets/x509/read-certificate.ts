/**
 * X.509 certificates, version 3 (RFC 5280 section 4.1), from DER that a stranger may have written. What is not strict
 * DER, is signed by a weak algorithm or holds a weak key is no certificate here.
 */
import { X509Certificate } from 'node:crypto'
import { limits } from '../../../contract/limits.ts'
import type { Certificate } from '../../../identity/certificate.ts'
import { digestOfText, tokenHash } from '../../../statement/digest.ts'
import { readKey, type Jwk } from '../verification-key.ts'
import {
  childrenOf,
  contentOf,
  expectTag,
  hex,
  MalformedDer,
  readDer,
  smallIntegerOf,
  tags,
  type Der,
} from './der.ts'
import { timeOf } from './der-time.ts'
import { extensionsOf } from './extensions.ts'
import { expectOctets, nameTextOf } from './name.ts'
import { isStrong } from './signature-algorithm.ts'

const keyAlgorithms = ['ES256', 'ES384', 'ES512', 'RS256', 'Ed25519']

/** What checks signatures stays beside what is judged. */
const parsed = new WeakMap<Certificate, X509Certificate>()

/** What was read stays as long as its bytes: those of an authority, and those that the peer of a connection showed. */
const known = new WeakMap<Uint8Array, Certificate | null>()

/** Null when it is none. The bytes must not change afterwards. */
export function readCertificate(der: Uint8Array): Certificate | null {
  const before = known.get(der)
  if (before !== undefined) return before
  const certificate = readOnce(der)
  known.set(der, certificate)
  return certificate
}

function readOnce(der: Uint8Array): Certificate | null {
  if (der.length > limits.certificateBytes) return null
  try {
    return certificateFrom(der)
  } catch (error) {
    if (error instanceof MalformedDer) return null
    throw error
  }
}

function certificateFrom(der: Uint8Array): Certificate | null {
  const [signed, algorithm, signature, ...more] = childrenOf(readDer(der))
  const parts = partsOf(signed)
  const isNamedTwice = hexOf(algorithm) === hexOf(parts.algorithm)
  const keyInfo = expectTag(parts.key, tags.sequence).raw
  expectOctets(childrenOf(parts.key)[1])
  expectOctets(signature)
  const extensions = extensionsOf(parts.extensions)
  const found = more.length === 0 && isNamedTwice && isStrong(algorithm) ? keyOf(der) : null
  if (found === null) return null
  const { x509, jwk } = found
  const certificate: Certificate = {
    thumbprint: tokenHash(der),
    keyDigest: digestOfText(keyInfo),
    jwk,
    subject: nameTextOf(parts.subject),
    issuer: nameTextOf(parts.issuer),
    ...parts.validity,
    ...extensions,
    isSignedBy: (issuer) => isSignedBy(x509, issuer),
  }
  parsed.set(certificate, x509)
  return certificate
}

type Parts = Readonly<
  Record<'algorithm' | 'issuer' | 'subject' | 'key' | 'extensions', Der | undefined>
> & {
  readonly validity: Pick<Certificate, 'notBefore' | 'notAfter'>
}

/** RFC 5280 section 4.1; unique identifiers are no longer used (section 4.1.2.8), and refused. */
function partsOf(signed: Der | undefined): Parts {
  const [version, serial, algorithm, issuer, validity, subject, key, extensions, ...more] =
    childrenOf(signed)
  const number = smallIntegerOf(childrenOf(version, 0xa0)[0])
  if (number !== 2 || !isSerial(serial) || more.length > 0)
    throw new MalformedDer('it is no certificate of version 3')
  const [from, to, ...others] = childrenOf(validity)
  if (others.length > 0) throw new MalformedDer('its validity is broken')
  return {
    ...{ algorithm, issuer, subject, key },
    validity: { notBefore: timeOf(from), notAfter: timeOf(to) },
    extensions: extensions === undefined ? undefined : onlyOf(childrenOf(extensions, 0xa3)),
  }
}

/** Section 4.1.2.2: of twenty octets at most, and not negative; zero is in use. */
function isSerial(element: Der | undefined): boolean {
  const content = contentOf(element, tags.integer)
  return content.length <= 20 && (content[0] ?? 0x80) < 0x80
}

function onlyOf([first, ...more]: readonly Der[]): Der {
  if (first === undefined || more.length > 0) throw new MalformedDer('its extensions are broken')
  return first
}

/** All of a sequence; equal ones are equal texts. */
function hexOf(element: Der | undefined): string {
  return hex(expectTag(element, tags.sequence).raw)
}

/** Null for what OpenSSL does not read, and for a key that is not accepted in a token either. */
function keyOf(der: Uint8Array): { readonly x509: X509Certificate; readonly jwk: Jwk } | null {
  try {
    const x509 = new X509Certificate(der)
    const jwk: Jwk = { ...x509.publicKey.export({ format: 'jwk' }) }
    return readKey(jwk, keyAlgorithms).ok ? { x509, jwk } : null
  } catch {
    return null
  }
}

function isSignedBy(child: X509Certificate, issuer: Certificate): boolean {
  const x509 = parsed.get(issuer)
  return x509 !== undefined && child.verify(x509.publicKey)
}
