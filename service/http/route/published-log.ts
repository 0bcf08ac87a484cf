/**
 * The published log as static files (C2SP tlog-tiles): under `/log/` that of the caller's tenant, for whoever may read
 * audit; under the log's own name, `/{tenant}/`, open to everybody where the tenant's configuration says so.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tileOfPath } from '../../audit/tile.ts'
import { PdpError } from '../../contract/error-code.ts'
import type { Scope } from '../../contract/scope.ts'
import type { Tenant } from '../../flow/tenant.ts'
import { authenticatePep } from '../authenticate-pep.ts'
import { send } from '../exchange.ts'
import type { Handler, Route, Service } from '../service.ts'

const scope: Scope = 'pdp.audit.read'

/** One kind of file: what it is called under a prefix, and how it is sent. */
type Kind = {
  readonly path: string
  readonly id: string
  readonly summary: string
  readonly type: string
  /** The name in the published log; null for what cannot be one. */
  readonly nameOf: (parameters: Readonly<Record<string, string>>) => string | null
  readonly caching: string
  /** What it says when there is no such file. */
  readonly otherwise?: string
}

const kinds: readonly Kind[] = [
  {
    path: 'checkpoint',
    id: 'Checkpoint',
    summary: 'The newest checkpoint: a signed note with origin, size and root',
    type: 'text/plain; charset=utf-8',
    nameOf: () => 'checkpoint',
    caching: 'no-cache',
  },
  {
    path: 'minimum-index',
    id: 'MinimumIndex',
    summary:
      'The minimum index (C2SP tlog-tiles): 0, or that of a log that was pruned: bundles that end before it are in its archive',
    type: 'text/plain; charset=utf-8',
    nameOf: () => 'minimum-index',
    caching: 'no-cache',
    otherwise: '0\n',
  },
  {
    path: 'tile/*tile',
    id: 'Tile',
    summary: 'A tile of hashes, `<level>/<n>`, or a bundle of entries, `entries/<n>`',
    type: 'application/octet-stream',
    nameOf: ({ tile = '' }) => (tileOfPath(`tile/${tile}`) === null ? null : `tile/${tile}`),
    caching: 'max-age=31536000, immutable',
  },
  {
    path: 'witnessed/:at',
    id: 'Witnessed',
    summary: 'A checkpoint with what witnesses signed on it, kept from then on: 0 is the first',
    type: 'text/plain; charset=utf-8',
    nameOf: ({ at = '' }) => (/^(?:0|[1-9]\d{0,8})$/u.test(at) ? `witnessed/${at}` : null),
    caching: 'max-age=31536000, immutable',
  },
  {
    path: 'keys/:file',
    id: 'LogKey',
    summary: '`log.vkey` verifies checkpoints, `jwks.json` the entries',
    type: 'text/plain; charset=utf-8',
    nameOf: ({ file = '' }) => (['log.vkey', 'jwks.json'].includes(file) ? `keys/${file}` : null),
    caching: 'no-cache',
  },
]

async function sendFile(
  { type, nameOf, caching, otherwise }: Kind,
  request: IncomingMessage,
  response: ServerResponse,
  { published }: Tenant,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const name = nameOf(parameters)
  const { publication } = published.publisher.ports
  const found = name === null ? null : await publication.read(name)
  const bytes = found ?? otherwise ?? null
  if (bytes === null) throw notFound()
  const whose = published.isPublic ? 'public' : 'private'
  send(request, response, 200, type, bytes, { 'cache-control': `${whose}, ${caching}` })
}

function ofCaller(kind: Kind): Handler {
  return async (request, response, service, parameters) => {
    const { tenant } = await authenticatePep(request, service, { scope })
    await sendFile(kind, request, response, tenant, parameters)
  }
}

function ofEverybody(kind: Kind): Handler {
  return async (request, response, service, parameters) => {
    await sendFile(kind, request, response, publicTenant(service, parameters), parameters)
  }
}

/** A log that is not public answers as one that does not exist: names of tenants cannot be probed. */
function publicTenant(service: Service, { tenant: id }: Readonly<Record<string, string>>): Tenant {
  const tenant = [...service.tenants.values()].find((one) => one.tenant.id === id)
  if (tenant?.published.isPublic === true) return tenant
  throw notFound()
}

function notFound(): PdpError {
  return new PdpError(
    'not_found',
    'There is no such file of a log here. A partial tile is gone once the full one is there: ask for that. A bundle may have been pruned: see minimum-index.',
  )
}

export const publishedLogRoutes: readonly Route[] = kinds.flatMap((kind) => [
  {
    method: 'get',
    path: `/log/${kind.path}`,
    handler: ofCaller(kind),
    operation: {
      id: `get${kind.id}`,
      summary: `${kind.summary}, of the caller's tenant`,
      scope,
      response: kind.type,
      problems: [404],
    },
  },
  {
    method: 'get',
    path: `/:tenant/${kind.path}`,
    handler: ofEverybody(kind),
    operation: {
      id: `getPublic${kind.id}`,
      summary: `${kind.summary}, of a log that is public`,
      scope: null,
      response: kind.type,
      problems: [404],
    },
  },
])
