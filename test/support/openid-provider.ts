/**
 * A real OpenID provider (oidc-provider) as a process of its own, where anybody signs in by naming himself.
 *
 * Prints its issuer URL; then reads one line of JSON, its clients, and serves until its standard input ends.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { exportJWK, generateKeyPair } from 'jose'
import Provider, { type ClientMetadata } from 'oidc-provider'

const { privateKey } = await generateKeyPair('ES256', { extractable: true })
const http = createServer().listen(0, '127.0.0.1')
await once(http, 'listening')
const issuer = `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`
process.stdout.write(`${issuer}\n`)

const lines = createInterface(process.stdin)
lines.on('close', () => process.exit(0))
const [line] = (await once(lines, 'line')) as [string]
const clients = JSON.parse(line) as ClientMetadata[]

const provider: Provider = new Provider(issuer, {
  clients,
  jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'op-1', alg: 'ES256', use: 'sig' }] },
  claims: { openid: ['sub'], profile: ['name', 'groups'] },
  conformIdTokenClaims: false,
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: `${id[0]?.toUpperCase() ?? ''}${id.slice(1)}`,
      groups: ['staff'],
    }),
  }),
  loadExistingGrant: async (context) => {
    const { client, session } = context.oidc
    if (client === undefined || session?.accountId === undefined) return undefined
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
    grant.addOIDCScope('openid profile')
    await grant.save()
    return grant
  },
  // Its own guard against private addresses would keep it from telling a service on this machine.
  fetch: (url, { method, headers, body, signal } = {}) =>
    fetch(url, {
      ...(method === undefined ? {} : { method }),
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    }),
  interactions: { url: (_context, { uid }) => `/who/${uid}` },
  cookies: { keys: ['only a test'] },
  features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
})

/** Who are you? Whoever answers is signed in as that. */
async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'text/html')
    response.end('<form method="post"><input name="login"><button>Sign in</button></form>')
    return
  }
  const body = (await request.toArray()).map(String).join('')
  const accountId = new URLSearchParams(body).get('login') ?? ''
  await provider.interactionFinished(request, response, { login: { accountId } })
}

const callback = provider.callback()
http.on('request', (request, response) => {
  const isInteraction = request.url?.startsWith('/who/') === true
  void (isInteraction ? interact(request, response) : callback(request, response))
})
