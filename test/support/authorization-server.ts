/**
 * A real authorization server (oidc-provider) as a process of its own: client credentials by private_key_jwt,
 * bound by DPoP for the first client.
 *
 * Argument: the clients' public JWK. Prints its issuer URL, and serves until its standard input ends.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import Provider, { type ClientMetadata } from 'oidc-provider'

const clientJwk = JSON.parse(process.argv[2] ?? '') as JWK
const { privateKey } = await generateKeyPair('ES256', { extractable: true })
const http = createServer()
http.listen(0, '127.0.0.1')
await once(http, 'listening')
const issuer = `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`

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
    client('gateway-2'),
    client('gateway-3'),
  ],
  jwks: {
    keys: [{ ...(await exportJWK(privateKey)), kid: 'as-1', alg: 'ES256', use: 'sig' }],
  },
  scopes: ['pdp.evaluate'],
  features: {
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_ctx, resource) => ({
        scope: 'pdp.evaluate',
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
