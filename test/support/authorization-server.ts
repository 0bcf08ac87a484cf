/**
 * A real authorization server (oidc-provider) as a process of its own: client credentials by private_key_jwt,
 * bound by DPoP for some.
 *
 * Argument, as JSON: the clients' public JWK, and PEM of a certificate and its key for TLS. Prints its issuer URL, and serves until its standard input ends.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import Provider, { type ClientMetadata } from 'oidc-provider'

const {
  jwk: clientJwk,
  cert,
  key,
} = JSON.parse(process.argv[2] ?? '') as {
  readonly jwk: JWK
  readonly cert?: string
  readonly key?: string
}
const { privateKey } = await generateKeyPair('ES256', { extractable: true })
const http =
  cert === undefined || key === undefined ? createServer() : createTlsServer({ cert, key })
http.listen(0, '127.0.0.1')
await once(http, 'listening')
const origin = cert === undefined ? 'http://127.0.0.1' : 'https://localhost'
const issuer = `${origin}:${String((http.address() as AddressInfo).port)}`

const client = (id: string): ClientMetadata => ({
  client_id: id,
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: 'ES256',
  id_token_signed_response_alg: 'ES256',
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
  jwks: { keys: [clientJwk] },
})

const provider = new Provider(issuer, {
  clients: [
    { ...client('gateway-1'), dpop_bound_access_tokens: true },
    { ...client('https://agent.dev.countersign.test/client.json'), dpop_bound_access_tokens: true },
    client('gateway-2'),
    client('gateway-3'),
  ],
  jwks: {
    keys: [{ ...(await exportJWK(privateKey)), kid: 'as-1', alg: 'ES256', use: 'sig' }],
  },
  scopes: ['pdp.evaluate', 'mcp:tools'],
  // What the directory says of a client, as it would of a person (RFC 9068 section 2.2.3.1).
  extraTokenClaims: () => ({ groups: ['staff', 'sre'] }),
  features: {
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_ctx, resource) => ({
        scope: 'pdp.evaluate mcp:tools',
        audience: resource,
        accessTokenFormat: 'jwt',
        accessTokenTTL: 300,
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
})
const callback = provider.callback()
http.on('request', (request, response) => {
  void callback(request, response)
})
process.stdout.write(`${issuer}\n`)
process.stdin.resume().on('end', () => process.exit(0))
