/** Key pairs of the two kinds that sign here, as JWK (RFC 7517, RFC 8037). */
import { generateKeyPairSync, type webcrypto } from 'node:crypto'
import { PdpError } from '../../../contract/error-code.ts'
import type { PublicKey } from '../../../contract/signing-key.ts'
import type { SigningAlgorithm } from '../../../port/signer.ts'
import { thumbprint } from '../../../statement/thumbprint.ts'

export function generateSigningKey(algorithm: SigningAlgorithm): webcrypto.JsonWebKey {
  const { privateKey } =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('ed25519')
  return privateKey.export({ format: 'jwk' })
}

/** @throws PdpError `config_invalid` when it is no private key of one of the two kinds. */
export function publicHalf({ kty, crv, x, y, d }: webcrypto.JsonWebKey, path: string): PublicKey {
  const isEc = kty === 'EC' && crv === 'P-256' && y !== undefined
  const isEd = kty === 'OKP' && crv === 'Ed25519'
  if ((!isEc && !isEd) || x === undefined || d === undefined)
    throw new PdpError('config_invalid', `${path} is not a private key for ES256 or Ed25519.`)
  const required = isEc
    ? ({ crv: 'P-256', kty: 'EC', x, y } as const)
    : ({ crv: 'Ed25519', kty: 'OKP', x } as const)
  return { ...required, kid: thumbprint(required), alg: isEc ? 'ES256' : 'Ed25519', use: 'sig' }
}
