// ES256 tokens by the thousand: what the development issuers would sign, signed here directly, since
// a run needs some fifty thousand of them that are all different.

import { createPrivateKey, randomUUID, sign, type KeyObject } from 'node:crypto'
import type {
  DevelopmentKeys,
  IssuerKey,
} from '../../service/adapter/development/development-keys.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'

/** Signs the claims as a compact JWS; `jti`, `iat` and `exp` are added. */
type Signer = (claims: object) => string

export type Issuers = {
  /** The gateway's own credential. */
  readonly pepToken: () => string
  readonly accessToken: Signer
  readonly jwtSvid: Signer
  readonly purposeGrant: Signer
}

/** Seconds: what the service accepts at most, less its skew. */
const lifetimes = { access: 3600, svid: 590, grant: 3600 } as const

export function issuersOf(keys: DevelopmentKeys): Issuers {
  const iss = development.identityIssuer
  const accessToken = signerOf(keys.identity, 'at+jwt', lifetimes.access, { iss })
  const pep = { sub: development.pep, aud: development.audience, client_id: development.pep }
  return {
    pepToken: () => accessToken({ ...pep, scope: 'pdp.evaluate' }),
    accessToken,
    jwtSvid: signerOf(keys.spiffe, 'JWT', lifetimes.svid, { aud: development.audience }),
    purposeGrant: signerOf(keys.purpose, 'purpose-grant+jwt', lifetimes.grant, {
      iss: development.purposeIssuer,
      aud: development.audience,
    }),
  }
}

function signerOf(issuer: IssuerKey, typ: string, seconds: number, fixed: object): Signer {
  const key = createPrivateKey({ key: issuer.privateJwk, format: 'jwk' })
  const header = encoded({ alg: 'ES256', typ, kid: issuer.kid })
  return (claims) => {
    const iat = Math.floor(Date.now() / 1000)
    const payload = encoded({ jti: randomUUID(), iat, exp: iat + seconds, ...fixed, ...claims })
    return signed(`${header}.${payload}`, key)
  }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function signed(input: string, key: KeyObject): string {
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}
