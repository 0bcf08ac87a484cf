/** Whether one certificate signed another. MD5 and SHA-1 are no longer good enough (as in Go since 1.18). */
import { constants, verify } from 'node:crypto'
import type { Certificate } from './certificate.ts'
import { certificateSigning } from './usage.ts'

const weak: readonly unknown[] = ['md5', 'sha1']
/** Shorter RSA keys verify nothing in Go. */
const leastModulusBits = 1024

export function isSignedBy(child: Certificate, parent: Certificate): boolean {
  const { algorithm } = child
  const { key, kind } = parent.publicKey
  if (!maySign(parent) || algorithm === null || key === null) return false
  if (algorithm.kind !== kind || weak.includes(algorithm.hash)) return false
  const bits = key.asymmetricKeyDetails?.modulusLength ?? leastModulusBits
  if (bits < leastModulusBits) return false
  const padding = {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  }
  const options = { key, ...(algorithm.isPss && padding) }
  return verify(algorithm.hash, child.rawSigned, options, child.signature)
}

/** RFC 5280 sections 4.2.1.3 and 4.2.1.9. */
function maySign({ version, facts: { basicConstraints, keyUsage } }: Certificate): boolean {
  const isAuthority = basicConstraints === null ? version < 3 : basicConstraints.isAuthority
  return isAuthority && (keyUsage === 0 || (keyUsage & certificateSigning) !== 0)
}
