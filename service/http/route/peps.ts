/** `GET /v1/peps`: the gateways of the caller's tenant. */
import { pepListOf } from '../../flow/pep-state.ts'
import { authenticatePep } from '../authenticate-pep.ts'
import { sendJson } from '../exchange.ts'
import type { Handler, Route } from '../service.ts'

/** Of whoever may revoke one, and of whoever may read audit. */
const scope = ['pdp.stop', 'pdp.audit.read'] as const

const getPeps: Handler = async (request, response, service) => {
  const { tenant } = await authenticatePep(request, service, { scope })
  sendJson(request, response, 200, pepListOf(tenant))
}

export const pepRoute: Route = {
  method: 'get',
  path: '/v1/peps',
  handler: getPeps,
  operation: {
    id: 'listPeps',
    summary:
      'The registered gateways: how each proves itself, when it was last seen, whether it is revoked',
    scope,
    response: 'PepList',
    problems: [],
  },
}
