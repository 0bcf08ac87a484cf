/** Kill switches: what is stopped, and an operator's word that sets or lifts one. */
import { parseStopLift, parseStopRequest } from '../../contract/parse-query.ts'
import { liftStop, setStop, type StopPorts } from '../../flow/stop.ts'
import { authenticatePep, type Caller } from '../authenticate-pep.ts'
import { readJsonBody, sendJson } from '../exchange.ts'
import type { Handler, Route } from '../service.ts'

const scope = 'pdp.stop'

function portsOf({ tenant }: Caller): StopPorts {
  const { audit, clock, pseudonymKey } = tenant
  return { tenant: tenant.tenant.id, audit, clock, pseudonymKey }
}

function listOf({ tenant }: Caller): unknown {
  return { tenant: tenant.tenant.id, stops: tenant.audit.stops.standing() }
}

const getStops: Handler = async (request, response, service) => {
  const caller = await authenticatePep(request, service, { scope })
  sendJson(request, response, 200, listOf(caller))
}

const postStop: Handler = async (request, response, service) => {
  const body = await readJsonBody(request)
  const caller = await authenticatePep(request, service, { scope, body })
  const asked = { ...parseStopRequest(body), by: caller.pep.id }
  sendJson(request, response, 200, await setStop(asked, portsOf(caller)))
}

const postLift: Handler = async (request, response, service, parameters) => {
  const body = await readJsonBody(request)
  const caller = await authenticatePep(request, service, { scope, body })
  const { reason } = parseStopLift(body)
  await liftStop({ id: parameters['id'] ?? '', reason, by: caller.pep.id }, portsOf(caller))
  sendJson(request, response, 200, listOf(caller))
}

const problems = [400, 404, 413, 415, 503]

export const stopRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/stops',
    handler: getStops,
    operation: {
      id: 'listStops',
      summary: 'What is stopped',
      scope,
      response: 'StopList',
      problems: [],
    },
  },
  {
    method: 'post',
    path: '/v1/stops',
    handler: postStop,
    operation: {
      ...{ id: 'setStop', summary: 'Stop a tenant, server, agent, initiator or capability', scope },
      ...{ request: 'StopRequest', response: 'Stop', problems },
    },
  },
  {
    method: 'post',
    path: '/v1/stops/:id/lift',
    handler: postLift,
    operation: {
      ...{ id: 'liftStop', summary: 'Lift a stop', scope },
      ...{ request: 'StopLift', response: 'StopList', problems },
    },
  },
]
