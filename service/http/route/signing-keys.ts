/** The decision keys of the caller's tenant, and an operator's word on them: a new one, or one that is not trusted any more. */
import { parseKeyRevocationRequest, parseKeyRotationRequest } from '../../contract/parse-query.ts'
import { limits } from '../../contract/limits.ts'
import { keyListOf, revokeKey, rotateKey } from '../../flow/signing-keys.ts'
import { authenticatePep } from '../authenticate-pep.ts'
import { readJsonBody, sendJson } from '../exchange.ts'
import type { Handler, Route } from '../service.ts'

const scope = 'pdp.keys.manage'

const getKeys: Handler = async (request, response, service) => {
  const { tenant } = await authenticatePep(request, service, { scope })
  sendJson(request, response, 200, keyListOf(tenant.keys))
}

const postRotation: Handler = async (request, response, service) => {
  const body = await readJsonBody(request)
  const { tenant, pep } = await authenticatePep(request, service, { scope, body })
  const { announce_seconds: asked, reason } = parseKeyRotationRequest(body)
  const announceSeconds = asked ?? limits.announceSeconds
  await rotateKey({ announceSeconds, reason, by: pep.id }, tenant.keys)
  sendJson(request, response, 200, keyListOf(tenant.keys))
}

const postRevocation: Handler = async (request, response, service) => {
  const body = await readJsonBody(request)
  const { tenant, pep } = await authenticatePep(request, service, { scope, body })
  await revokeKey({ ...parseKeyRevocationRequest(body), by: pep.id }, tenant.keys)
  sendJson(request, response, 200, keyListOf(tenant.keys))
}

const response = 'SigningKeyList'
const problems = [400, 404, 409, 413, 415, 503]

export const signingKeyRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/keys',
    handler: getKeys,
    operation: {
      ...{ id: 'listKeys', summary: 'The decision keys that ever signed, and their times' },
      ...{ scope, response, problems: [] },
    },
  },
  {
    method: 'post',
    path: '/v1/keys/rotation',
    handler: postRotation,
    operation: {
      ...{ id: 'rotateKey', summary: 'A new decision key takes over', scope },
      ...{ request: 'KeyRotationRequest', response, problems },
    },
  },
  {
    method: 'post',
    path: '/v1/keys/revocation',
    handler: postRevocation,
    operation: {
      ...{ id: 'revokeKey', summary: 'A decision key is not trusted from a moment on', scope },
      ...{ request: 'KeyRevocationRequest', response, problems },
    },
  },
]
