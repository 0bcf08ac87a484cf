/** Whose keys the caller's tenant trusts, where they come from and how fresh they are. */
import { authenticatePep } from '../authenticate-pep.ts'
import { sendJson } from '../exchange.ts'
import type { Handler, Route } from '../service.ts'

const scope = 'pdp.policy.manage'

const getTrust: Handler = async (request, response, service) => {
  const { tenant } = await authenticatePep(request, service, { scope })
  sendJson(request, response, 200, tenant.trust())
}

export const trustRoute: Route = {
  method: 'get',
  path: '/v1/trust',
  handler: getTrust,
  operation: {
    id: 'getTrust',
    summary: 'Key sets, bundles and status lists that the tenant relies on, and how fresh they are',
    scope,
    response: 'TrustState',
    problems: [],
  },
}
