/** The authorization server of the tests as a process, and its clients: tokens by client credentials (RFC 7523, RFC 9449). */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose'
import type { Issued } from './certificates.ts'
import type { Holder } from './workload.ts'

export type TokenWanted = {
  /** Its audience (RFC 8707). */
  readonly resource: string
  readonly scope?: string
  /** Whose key it is bound to, for a client that has to bind its tokens. */
  readonly holder?: Holder
}

export type AuthorizationServer = {
  readonly issuer: string
  /** @throws what the server says against it */
  readonly tokenOf: (client: string, wanted: TokenWanted) => Promise<string>
  readonly stop: () => Promise<void>
}

/** @param tls what it shows of itself, for `localhost`, and who vouches for that (PEM); left out: plain HTTP */
export async function startAuthorizationServer(tls?: {
  readonly shown: Issued
  readonly ca: string
}): Promise<AuthorizationServer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'client', alg: 'ES256' }
  const { certificates: cert, key } = tls?.shown ?? {}
  const script = join(import.meta.dirname, 'authorization-server.ts')
  const child = spawn(process.execPath, [script, JSON.stringify({ jwk, cert, key })], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const issuer = line.toString().trim()
  return {
    issuer,
    tokenOf: async (client, wanted) => {
      const assertion = await assertionOf(client, issuer, privateKey)
      return await tokenFrom(`${issuer}/token`, assertion, wanted, tls?.ca)
    },
    stop: async () => {
      const ended = once(child, 'exit')
      child.stdin.end()
      await ended
    },
  }
}

function assertionOf(client: string, issuer: string, key: CryptoKey): Promise<string> {
  return new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'ES256', kid: 'client' })
    .setIssuer(client)
    .setSubject(client)
    .setAudience(issuer)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(key)
}

async function tokenFrom(
  endpoint: string,
  assertion: string,
  { resource, scope = 'pdp.evaluate', holder }: TokenWanted,
  ca: string | undefined,
): Promise<string> {
  const dpop = await holder?.dpop('', endpoint, { claims: { ath: undefined } })
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
    ...{ scope, resource },
  })
  const answer = await post(endpoint, form.toString(), dpop, ca)
  const { access_token: token, token_type: type } = JSON.parse(answer) as {
    readonly access_token?: string
    readonly token_type?: string
  }
  if (token === undefined || type !== (dpop === undefined ? 'Bearer' : 'DPoP'))
    throw new Error(answer)
  return token
}

async function post(
  url: string,
  body: string,
  dpop: string | undefined,
  ca: string | undefined,
): Promise<string> {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
    ...(dpop === undefined ? {} : { dpop }),
  }
  const options = { method: 'POST', headers, agent: false as const }
  const sent = ca === undefined ? plain(url, options) : secure(url, { ...options, ca })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream]
  return await text(response)
}
