/** Erasure of what was disclosed about a person: the log keeps that it was done, by whom and why. */
import { parseErasureRequest } from '../../contract/parse-query.ts'
import { erase } from '../../flow/erase.ts'
import { authenticatePep } from '../authenticate-pep.ts'
import { readJsonBody, sendJson } from '../exchange.ts'
import type { Handler, Route } from '../service.ts'

const scope = 'pdp.audit.erase'

const postErasure: Handler = async (request, response, service) => {
  const body = await readJsonBody(request)
  const { pep, tenant } = await authenticatePep(request, service, { scope, body })
  const { audit, clock, pseudonymKey } = tenant
  const ports = { tenant: tenant.tenant.id, audit, clock, pseudonymKey }
  const receipt = await erase({ ...parseErasureRequest(body), by: pep.id }, ports)
  sendJson(request, response, 200, receipt)
}

export const erasureRoute: Route = {
  method: 'post',
  path: '/v1/erasures',
  handler: postErasure,
  operation: {
    ...{ id: 'eraseSubject', summary: 'Erase what was disclosed about a person', scope },
    ...{ request: 'ErasureRequest', response: 'ErasureReceipt', problems: [400, 413, 415, 503] },
  },
}
