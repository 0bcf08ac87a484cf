/**
 * Signatures that the same query makes again bit by bit: ECDSA by RFC 6979, and the salt of RSASSA-PSS
 * (RFC 8017 section 9.1.1) derived from the query. Node's own signatures of these two draw at random.
 */
import {
  constants,
  createHash,
  createHmac,
  type KeyObject,
  privateEncrypt,
  sign,
} from 'node:crypto'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { BuiltinError } from '../../rego-value.ts'
import { type Algorithm } from './algorithm.ts'
import { fits } from './verify-signature.ts'

const curves = { prime256v1: p256, secp384r1: p384, secp521r1: p521 } as const

/**
 * @param seed of the salt; it need not be secret
 * @throws BuiltinError when the key is not of the kind that the algorithm takes
 */
export function signatureOf(
  { family, hash }: Algorithm,
  key: KeyObject,
  signed: string,
  seed: string,
): Buffer {
  if (!fits(family, key) || key.type === 'public')
    throw new BuiltinError('the key is not for that algorithm')
  const bytes = Buffer.from(signed)
  if (hash === null) return sign(null, bytes, key)
  if (family === 'HS') return createHmac(hash, key).update(bytes).digest()
  if (family === 'RS') return sign(hash, bytes, key)
  return family === 'ES' ? ecdsa(hash, key, bytes) : pss(hash, key, { bytes, seed })
}

function ecdsa(hash: string, key: KeyObject, bytes: Buffer): Buffer {
  const { namedCurve = '' } = key.asymmetricKeyDetails ?? {}
  const curve = Object.entries(curves).find(([name]) => name === namedCurve)?.[1]
  const { d = '' } = key.export({ format: 'jwk' })
  if (curve === undefined) throw new BuiltinError('the key is on a curve that does not sign')
  const digest = createHash(hash).update(bytes).digest()
  const options = { prehash: false, lowS: false } as const
  return Buffer.from(curve.sign(digest, Buffer.from(d, 'base64url'), options))
}

type Salted = { readonly bytes: Buffer; readonly seed: string }

/** EMSA-PSS with a salt as long as the hash, and the raw RSA operation. */
function pss(hash: string, key: KeyObject, { bytes, seed }: Salted): Buffer {
  const bits = (key.asymmetricKeyDetails?.modulusLength ?? 0) - 1
  const salt = createHash(hash).update(seed).update('\0').update(bytes).digest()
  const digest = createHash(hash)
    .update(Buffer.alloc(8))
    .update(createHash(hash).update(bytes).digest())
    .update(salt)
    .digest()
  const maskLength = Math.ceil(bits / 8) - digest.length - 1
  if (maskLength < salt.length + 1) throw new BuiltinError('the key is too short for that hash')
  const data = Buffer.concat([Buffer.alloc(maskLength - salt.length - 1), Buffer.of(1), salt])
  const masked = mask(hash, digest, data)
  masked.writeUInt8(masked.readUInt8(0) & (0xff >> (8 * Math.ceil(bits / 8) - bits)), 0)
  const encoded = Buffer.concat([masked, digest, Buffer.of(0xbc)])
  const lead = Buffer.alloc(Math.ceil((bits + 1) / 8) - encoded.length)
  const padding = constants.RSA_NO_PADDING
  return privateEncrypt({ key, padding }, Buffer.concat([lead, encoded]))
}

/** The data under MGF1 of the digest (RFC 8017 section B.2.1). */
function mask(hash: string, seed: Buffer, data: Buffer): Buffer {
  const blocks = Array.from({ length: Math.ceil(data.length / seed.length) }, (_, i) => {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(i)
    return createHash(hash).update(seed).update(counter).digest()
  })
  const stream = Buffer.concat(blocks)
  return Buffer.from(data.map((byte, i) => byte ^ stream.readUInt8(i)))
}
