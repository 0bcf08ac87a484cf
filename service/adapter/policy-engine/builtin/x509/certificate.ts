/** X.509 certificates (RFC 5280 section 4.1), read from their DER. */
import type { RegoValue } from '../../rego-value.ts'
import { failing } from '../failing.ts'
import { isBase64, readPem } from '../pem.ts'
import { type SignatureAlgorithm, signatureAlgorithmOf } from './algorithm.ts'
import { type CertificateFacts, readFacts } from './certificate-facts.ts'
import {
  bitsOf,
  childrenOf,
  type DerNode,
  explicit,
  implicit,
  integerOf,
  malformed,
  optionalsOf,
  readAllDer,
  readDer,
} from './der.ts'
import { timeOf } from './der-text.ts'
import { type Extension, extensionsOf } from './extension.ts'
import { nameOf } from './name.ts'
import { type PublicKey, publicKeyOf } from './public-key.ts'

export type Certificate = {
  readonly raw: Buffer
  /** What is signed. */
  readonly rawSigned: Buffer
  readonly rawPublicKey: Buffer
  readonly rawSubject: Buffer
  readonly rawIssuer: Buffer
  readonly signature: Buffer
  /** Null for one that Go does not know. */
  readonly algorithm: SignatureAlgorithm | null
  readonly publicKey: PublicKey
  /** From 1 to 3. */
  readonly version: number
  readonly serial: bigint
  readonly issuer: RegoValue
  readonly subject: RegoValue
  readonly notBefore: Date
  readonly notAfter: Date
  readonly extensions: readonly Extension[]
  readonly facts: CertificateFacts
}

/** PEM, or base64 of DER or PEM; several one after the other. @throws BuiltinError */
export function readCertificates(text: string): readonly Certificate[] {
  if (text.startsWith('-----BEGIN')) return pemCertificates(text)
  const bytes = bytesOfBase64(text)
  if (bytes.toString('latin1').startsWith('-----BEGIN')) return pemCertificates(bytes.toString())
  return Array.from(readAllDer(bytes), certificateOf)
}

/** @throws BuiltinError */
export function readCertificate(bytes: Buffer): Certificate {
  return certificateOf(readDer(bytes))
}

/** Line breaks are passed over, as Go does. @throws BuiltinError */
export function bytesOfBase64(text: string): Buffer {
  const plain = text.replace(/[\r\n]/g, '')
  if (!isBase64(plain)) throw malformed('this is no base64')
  return Buffer.from(plain, 'base64')
}

function pemCertificates(text: string): readonly Certificate[] {
  const blocks: Buffer[] = []
  for (let block = readPem(text); block !== null; block = readPem(block.rest)) {
    if (block.label !== 'CERTIFICATE') throw malformed(`a PEM block is of ${block.label}`)
    blocks.push(block.bytes)
  }
  return Array.from(readAllDer(Buffer.concat(blocks)), certificateOf)
}

function certificateOf(node: DerNode): Certificate {
  const [signed, outerAlgorithm, signature] = childrenOf(node)
  const parts = [...childrenOf(signed)]
  const version = parts[0]?.tag === explicit(0) ? versionOf(parts.shift()) : 1
  const [serial, algorithm, issuer, validity, subject, publicKey, ...rest] = parts
  const [from, to] = childrenOf(validity)
  if (signed === undefined || from === undefined || to === undefined)
    throw malformed('a certificate lacks a part')
  if (outerAlgorithm?.raw.equals(algorithm?.raw ?? Buffer.of()) !== true)
    throw malformed('two algorithms are named')
  const extensions = version === 3 ? extensionsIn(rest) : []
  return {
    raw: node.raw,
    rawSigned: signed.raw,
    ...rawParts({ publicKey, subject, issuer }),
    signature: bitsOf(signature),
    algorithm: signatureAlgorithmOf(algorithm),
    publicKey: publicKeyOf(publicKey),
    version,
    serial: serialOf(serial),
    issuer: nameOf(issuer),
    subject: nameOf(subject),
    notBefore: timeOf(from),
    notAfter: timeOf(to),
    extensions,
    facts: failing(() => readFacts(extensions)),
  }
}

type Parts = Readonly<Record<'publicKey' | 'subject' | 'issuer', DerNode | undefined>>

function rawParts({ publicKey, subject, issuer }: Parts): {
  readonly rawPublicKey: Buffer
  readonly rawSubject: Buffer
  readonly rawIssuer: Buffer
} {
  if (publicKey === undefined || subject === undefined || issuer === undefined)
    throw malformed('a certificate lacks a part')
  return { rawPublicKey: publicKey.raw, rawSubject: subject.raw, rawIssuer: issuer.raw }
}

function versionOf(node: DerNode | undefined): number {
  const version = integerOf(childrenOf(node, explicit(0))[0])
  if (version < 0n || version > 2n) throw malformed('a certificate is of no known version')
  return Number(version) + 1
}

function serialOf(node: DerNode | undefined): bigint {
  const serial = integerOf(node)
  if (serial < 0n) throw malformed('a serial number is negative')
  return serial
}

/** Behind two unique identifiers that nobody uses. */
function extensionsIn(rest: readonly DerNode[]): readonly Extension[] {
  const [, , node] = optionalsOf(rest, implicit(1), implicit(2), explicit(3))
  return node === undefined ? [] : extensionsOf(node.children[0])
}
