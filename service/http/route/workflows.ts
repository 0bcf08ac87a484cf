/** `GET /v1/workflows/{id}`: what has happened in a workflow, what it has spent, and what nobody reported. */
import { PdpError } from '../../contract/error-code.ts'
import { workflowViewOf } from '../../flow/workflow-view.ts'
import { authenticatePep } from '../authenticate-pep.ts'
import { sendJson } from '../exchange.ts'
import type { Handler, Route } from '../service.ts'
import { readingScopes } from './records.ts'

/** A gateway sees those of its own project; another one is not found, whether there is one or not. */
const getWorkflow: Handler = async (request, response, service, parameters) => {
  const { pep, tenant } = await authenticatePep(request, service, { scope: readingScopes })
  const id = parameters['id'] ?? ''
  const state = tenant.audit.workflows.at(id)
  const mayRead = pep.scopes.includes('pdp.audit.read') || state?.project === pep.project
  if (state === null || !mayRead)
    throw new PdpError(
      'not_found',
      'There is no workflow of this id that this credential may read.',
    )
  sendJson(request, response, 200, workflowViewOf(tenant.tenant.id, id, state))
}

export const workflowRoute: Route = {
  method: 'get',
  path: '/v1/workflows/:id',
  handler: getWorkflow,
  operation: {
    id: 'getWorkflow',
    summary: 'What has happened in a workflow, what it has spent, and what nobody reported',
    scope: readingScopes,
    response: 'WorkflowView',
    problems: [404],
  },
}
