/** `crypto.x509.parse_keypair`: a certificate with its key, as Go shows a tls.Certificate. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import type { RegoObject } from '../../rego-value.ts'
import { readPem } from '../pem.ts'
import { bytesOfBase64, type Certificate, readCertificate } from './certificate.ts'
import { certificateValue } from './certificate-value.ts'
import { malformed } from './der.ts'
import { privateKeyValue, readAnyPrivateKey } from './private-key.ts'
import { base64, objectFrom } from './value.ts'

/** @throws BuiltinError, also when the key is not that of the first certificate */
export function keyPairValue(certificate: string, key: string): RegoObject {
  const chain = blocksOf(certificate, 'CERTIFICATE', (label) => label === 'CERTIFICATE')
  const [keyBytes] = blocksOf(key, 'PRIVATE KEY', (label) => /(?:^| )PRIVATE KEY$/.test(label))
  if (chain[0] === undefined || keyBytes === undefined)
    throw malformed('there is no certificate, or no key')
  const leaf = readCertificate(chain[0])
  const privateKey = readAnyPrivateKey(keyBytes)
  if (!belongs(privateKey, leaf)) throw malformed('the key is not that of the certificate')
  return objectFrom({
    Certificate: chain.map(base64),
    PrivateKey: privateKeyValue(privateKey),
    SupportedSignatureAlgorithms: null,
    OCSPStaple: null,
    SignedCertificateTimestamps: null,
    Leaf: certificateValue(leaf, false),
  })
}

/** Of PEM those blocks; of anything else all of it. Both may be in base64 once more. */
function blocksOf(
  text: string,
  label: string,
  isWanted: (label: string) => boolean,
): readonly Buffer[] {
  const bytes = text.startsWith('-----BEGIN ') ? Buffer.from(text) : bytesOfBase64(text)
  const pem = bytes.toString()
  if (!pem.startsWith('-----BEGIN ')) return isWanted(label) ? [bytes] : []
  const blocks: Buffer[] = []
  for (let block = readPem(pem); block !== null; block = readPem(block.rest))
    if (isWanted(block.label)) blocks.push(block.bytes)
  return blocks
}

/** By their encodings: Node's own comparison of keys of two kinds leaves an error behind for whoever comes next. */
function belongs(privateKey: KeyObject, { publicKey }: Certificate): boolean {
  const [ofKey, ofCertificate] = [createPublicKey(privateKey), publicKey.key].map((key) =>
    key?.export({ format: 'der', type: 'spki' }),
  )
  return ofKey !== undefined && ofCertificate?.equals(ofKey) === true
}
