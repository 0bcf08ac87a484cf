/** What is open to everyone on the host: liveness, readiness, metrics, public keys, the API's description. */
import { keyListOf } from '../../flow/signing-keys.ts'
import { sendJson, send } from '../exchange.ts'
import type { Handler, Route } from '../service.ts'

const healthz: Handler = async (request, response) => {
  await Promise.resolve()
  sendJson(request, response, 200, { status: 'ok' })
}

/** Ready when every tenant can answer; else 503 and why, by tenant. */
const readyz: Handler = async (request, response, service) => {
  await Promise.resolve()
  const tenants = Object.fromEntries(
    [...service.tenants.values()].map((tenant) => [tenant.tenant.id, tenant.obstacles()]),
  )
  const notices = Object.fromEntries(
    [...service.tenants.values()].map((tenant) => [tenant.tenant.id, tenant.notices()]),
  )
  const ready =
    service.accepting() && Object.values(tenants).every((obstacles) => obstacles.length === 0)
  sendJson(request, response, ready ? 200 : 503, {
    status: ready ? 'ready' : 'not_ready',
    tenants,
    notices,
    service: service.notices(),
    logs: [...service.tenants.values()].map(({ tenant, published }) =>
      published.publisher.state(tenant.id),
    ),
    keys: [...service.tenants.values()].map(({ keys }) => keyListOf(keys)),
  })
}

const metrics: Handler = async (request, response, service) => {
  const { type, text } = await service.metrics()
  send(request, response, 200, type, text)
}

/** Keys of every tenant: a `kid` is a thumbprint, so they cannot collide. */
const jwks: Handler = async (request, response, service) => {
  await Promise.resolve()
  const keys = [...service.tenants.values()].flatMap((tenant) => tenant.publicKeys())
  sendJson(request, response, 200, { keys }, { 'cache-control': 'public, max-age=300' })
}

const openapi: Handler = async (request, response, service) => {
  await Promise.resolve()
  sendJson(request, response, 200, service.openapi)
}

function open(
  path: string,
  id: string,
  summary: string,
  response: string,
  handler: Handler,
): Route {
  return {
    method: 'get',
    path,
    handler,
    operation: { id, summary, scope: null, response, problems: [] },
  }
}

export const stateRoutes: readonly Route[] = [
  open('/healthz', 'healthz', 'The process runs', 'Health', healthz),
  open(
    '/readyz',
    'readyz',
    'Every tenant can answer; 503 and the reasons otherwise',
    'Readiness',
    readyz,
  ),
  open('/metrics', 'metrics', 'Prometheus metrics', 'text/plain', metrics),
  open('/.well-known/jwks.json', 'jwks', 'Public keys that verify decision tokens', 'JwkSet', jwks),
  open('/openapi.json', 'openapi', 'This description', 'OpenApiDocument', openapi),
]
