/** A platform of the tests: a real HTTP server with a real discovery document and key set, which it can be told to change. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { createTestIssuer, type TestIssuer } from './issuer.ts'

export type Platform = {
  readonly issuer: string
  readonly key: TestIssuer
  /** Paths that were asked for. */
  readonly asked: () => readonly string[]
  /** What the discovery document says instead. */
  readonly state: (changes: Readonly<Record<string, unknown>>) => void
  readonly stop: () => Promise<void>
}

/** @param keysAt where its keys lie: `/.well-known/jwks` for GitHub, `/openid/v1/jwks` for Kubernetes */
export async function startPlatform(keysAt: string): Promise<Platform> {
  const key = await createTestIssuer('RS256', `key of ${keysAt}`, 'JWT')
  const paths: string[] = []
  let changes: Readonly<Record<string, unknown>> = {}
  const server = createServer((request, response) => {
    paths.push(request.url ?? '')
    if (request.url === keysAt) sendJson(response, { keys: [{ ...key.jwk, use: 'sig' }] })
    else if (request.url === '/.well-known/openid-configuration')
      sendJson(response, { issuer, jwks_uri: `${issuer}${keysAt}`, ...changes })
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  return {
    issuer,
    key,
    asked: () => paths,
    state: (next) => (changes = next),
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
