/** What decides for the caller's tenant, what decided before, and an operator's word on it. */
import { parsePolicyChange } from '../../contract/parse-query.ts'
import { policyHistoryOf, policyStateOf } from '../../flow/policy-state.ts'
import { authenticatePep, type Caller } from '../authenticate-pep.ts'
import { readJsonBody, sendJson } from '../exchange.ts'
import type { Handler, Route } from '../service.ts'
import type { PolicyChange } from '../../contract/policy-state.ts'

const scope = 'pdp.policy.manage'

const getPolicy: Handler = async (request, response, service) => {
  const { tenant } = await authenticatePep(request, service, { scope })
  sendJson(request, response, 200, policyStateOf(tenant.tenant.id, tenant.life))
}

const getHistory: Handler = async (request, response, service) => {
  const { tenant } = await authenticatePep(request, service, { scope })
  sendJson(request, response, 200, policyHistoryOf(tenant.tenant.id, tenant.life))
}

/** The change is made and recorded before it is answered. */
function changing(change: (caller: Caller, body: PolicyChange) => Promise<void>): Handler {
  return async (request, response, service) => {
    const body = await readJsonBody(request)
    const caller = await authenticatePep(request, service, { scope, body })
    await change(caller, parsePolicyChange(body))
    const { tenant } = caller
    sendJson(request, response, 200, policyStateOf(tenant.tenant.id, tenant.life))
  }
}

const getShadow: Handler = async (request, response, service) => {
  const { tenant } = await authenticatePep(request, service, { scope })
  sendJson(request, response, 200, tenant.shadowReport())
}

function read(
  path: string,
  id: string,
  summary: string,
  response: string,
  handler: Handler,
): Route {
  const operation = { id, summary, scope, response, problems: [] } as const
  return { method: 'get', path, handler, operation }
}

function write(path: string, id: string, summary: string, handler: Handler): Route {
  const problems = [400, 409, 413, 415, 503]
  const shape = { request: 'PolicyChange', response: 'PolicyState', problems } as const
  return { method: 'post', path, handler, operation: { id, summary, scope, ...shape } }
}

export const policyRoutes: readonly Route[] = [
  read(
    '/v1/policy',
    'getPolicy',
    'What decides now, and where it comes from',
    'PolicyState',
    getPolicy,
  ),
  read(
    '/v1/policy/history',
    'getPolicyHistory',
    'The sets that are kept',
    'PolicyHistory',
    getHistory,
  ),
  read(
    '/v1/policy/shadow',
    'getPolicyShadow',
    'What a candidate would have decided otherwise on live traffic; it decides nothing',
    'ShadowReport',
    getShadow,
  ),
  write(
    '/v1/policy/pin',
    'pinPolicy',
    'Let a set decide until it is unpinned',
    changing(({ pep, tenant }, body) => tenant.life.pin(body, pep.id)),
  ),
  write(
    '/v1/policy/rollback',
    'rollBackPolicy',
    'Go back to the set before, and pin it',
    changing(({ pep, tenant }, body) => tenant.life.pin(body, pep.id, 'rollback')),
  ),
  write(
    '/v1/policy/unpin',
    'unpinPolicy',
    'Let the newest set of the sources decide again',
    changing(({ pep, tenant }, body) => tenant.life.unpin(body, pep.id)),
  ),
]
