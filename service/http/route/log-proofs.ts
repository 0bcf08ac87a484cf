/** `GET /log/proof/{id}`: that a decision is in the log. `GET /log/consistency`: that the log only grew. */
import { proveConsistent, proveLogged } from '../../flow/prove-logged.ts'
import { authenticatePep } from '../authenticate-pep.ts'
import { send, sendJson } from '../exchange.ts'
import { queryParameters, refused } from '../query-parameters.ts'
import type { Handler, Route } from '../service.ts'
import { findDecision, readingScopes } from './records.ts'

const getProof: Handler = async (request, response, service, parameters) => {
  const caller = await authenticatePep(request, service, { scope: readingScopes })
  const recorded = await findDecision(parameters['id'] ?? '', caller)
  const proof = await proveLogged(recorded, caller.tenant.published.publisher)
  send(request, response, 200, 'text/plain; charset=utf-8', proof)
}

const getConsistency: Handler = async (request, response, service) => {
  const { tenant } = await authenticatePep(request, service, { scope: 'pdp.audit.read' })
  const { from, to } = queryParameters(request, ['from', 'to'])
  const given = [sizeOf(from), to === undefined ? null : sizeOf(to)] as const
  sendJson(request, response, 200, await proveConsistent(...given, tenant.published.publisher))
}

function sizeOf(text: string | undefined): number {
  if (text !== undefined && /^[1-9]\d{0,14}$/u.test(text)) return Number(text)
  throw refused('Write sizes of the log as whole numbers from 1: ?from=100&to=200.')
}

export const logProofRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/log/proof/:id',
    handler: getProof,
    operation: {
      id: 'proveDecision',
      summary:
        'That a decision is in the log, as c2sp.org/tlog-proof@v1: it needs no server to be checked',
      scope: readingScopes,
      response: 'text/plain; charset=utf-8',
      problems: [404, 503],
    },
  },
  {
    method: 'get',
    path: '/log/consistency',
    handler: getConsistency,
    operation: {
      id: 'proveConsistency',
      summary:
        'That the log of one published size begins with that of another (RFC 9162 section 2.1.4)',
      scope: 'pdp.audit.read',
      query: [
        { name: 'from', description: 'The smaller size, from 1 on' },
        { name: 'to', description: 'The larger size; left out: all that is published' },
      ],
      response: 'ConsistencyProof',
      problems: [400, 503],
    },
  },
]
