/**
 * The credential of a request, from its headers: exactly one way of proof, each header once. Which way a gateway
 * must come is said by its registration; here they are only told apart.
 */
import type { IncomingMessage } from 'node:http'
import type { CallerFailure } from '../contract/caller-failure.ts'
import type { PeerChain } from '../identity/certificate.ts'
import type { PepCredential } from '../flow/prove-pep.ts'

export type CredentialReading =
  | { readonly ok: true; readonly value: PepCredential }
  | { readonly ok: false; readonly failure: CallerFailure }

const names = ['authorization', 'dpop', 'workload-identity-token', 'workload-proof-token'] as const

/**
 * Without a header the connection itself is the credential, if the peer showed a certificate.
 *
 * RFC 6750 section 2.1, RFC 9449 section 7.1, draft-ietf-wimse-wpt-02.
 */
export function readCredential(
  { headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>,
  peer: PeerChain | null,
): CredentialReading {
  if (names.some((name) => (headersDistinct[name]?.length ?? 0) > 1))
    return refused('credential_many')
  const [authorization, dpop, wit, wpt] = names.map((name) => headersDistinct[name]?.[0])
  if (wit !== undefined || wpt !== undefined)
    return authorization === undefined && dpop === undefined
      ? workload(wit, wpt)
      : refused('credential_many')
  if (authorization !== undefined) return accessToken(authorization, dpop)
  return peer === null || dpop !== undefined
    ? refused('credential_missing')
    : read({ kind: 'mtls', peer })
}

function workload(wit: string | undefined, wpt: string | undefined): CredentialReading {
  if (wit === undefined) return refused('credential_malformed')
  return wpt === undefined ? refused('pop_missing') : read({ kind: 'wit', wit, wpt })
}

function accessToken(authorization: string, proof: string | undefined): CredentialReading {
  const [, scheme, token] = /^(Bearer|DPoP) ([^\s]+)$/iu.exec(authorization) ?? []
  if (scheme === undefined || token === undefined) return refused('credential_malformed')
  if (scheme.toLowerCase() === 'bearer')
    return proof === undefined ? read({ kind: 'bearer', token }) : refused('pop_unexpected')
  return proof === undefined ? refused('pop_missing') : read({ kind: 'dpop', token, proof })
}

function read(value: PepCredential): CredentialReading {
  return { ok: true, value }
}

function refused(failure: CallerFailure): CredentialReading {
  return { ok: false, failure }
}
