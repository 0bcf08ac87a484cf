/** A workload of the tests: its key, its WIT, and the proofs that it makes (draft-ietf-wimse-wpt-02, RFC 9449). */
import { randomUUID } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'
import { tokenHash } from '../../service/statement/digest.ts'
import { createTestIssuer, type TestIssuer } from './issuer.ts'

export type Holder = {
  readonly key: TestIssuer
  /** RFC 7638. */
  readonly thumbprint: string
  /** A proof for that audience; undefined members are left out. */
  readonly wpt: (wit: string, audience: string, changes?: Changes) => Promise<string>
  /** A proof for that audience by an X.509-SVID of this key (DER). */
  readonly x5Proof: (svid: Uint8Array, audience: string, changes?: Changes) => Promise<string>
  readonly dpop: (token: string, url: string, changes?: Changes) => Promise<string>
}

export type Changes = {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
}

/** @param now seconds since the epoch */
export async function createHolder(now: () => number, alg = 'ES256'): Promise<Holder> {
  return await holderOf(await createTestIssuer(alg, 'holder', null), now)
}

/** The holder of that key. */
export async function holderOf(key: TestIssuer, now: () => number): Promise<Holder> {
  const { kid: _, ...jwk } = key.jwk
  const { alg: __, ...bare } = jwk
  return {
    key: { ...key, jwk },
    thumbprint: await calculateJwkThumbprint(jwk),
    wpt: (wit, audience, { claims = {}, header = {} } = {}) =>
      key.sign(
        { aud: audience, exp: now() + 60, jti: randomUUID(), wth: tokenHash(wit), ...claims },
        { typ: 'wpt+jwt', kid: undefined, ...header },
      ),
    x5Proof: (svid, audience, { claims = {}, header = {} } = {}) =>
      key.sign(
        {
          ...{ aud: audience, exp: now() + 60, jti: randomUUID() },
          ...{ 'x5t#S256': tokenHash(svid), ...claims },
        },
        { typ: 'x5-proof+jwt', kid: undefined, ...header },
      ),
    dpop: (token, url, { claims = {}, header = {} } = {}) =>
      key.sign(
        { jti: randomUUID(), htm: 'POST', htu: url, iat: now(), ath: tokenHash(token), ...claims },
        { typ: 'dpop+jwt', kid: undefined, jwk: bare, ...header },
      ),
  }
}
