/** `POST /v1/nonces`: a nonce that a server's proof may name, once, for a question of the gateway that asked for it. */
import { issueNonce } from '../../flow/nonce.ts'
import { authenticatePep } from '../authenticate-pep.ts'
import { readBody, sendJson } from '../exchange.ts'
import type { Handler, Route } from '../service.ts'

const postNonce: Handler = async (request, response, service) => {
  const body = await readBody(request)
  const { pep, tenant } = await authenticatePep(request, service, { scope: 'pdp.evaluate', body })
  const { nonce, expiresAt } = issueNonce(pep, tenant)
  sendJson(request, response, 200, {
    nonce,
    expires_at: new Date(expiresAt * 1000).toISOString(),
  })
}

export const nonceRoute: Route = {
  method: 'post',
  path: '/v1/nonces',
  handler: postNonce,
  operation: {
    id: 'issueNonce',
    summary: 'A nonce for a proof of possession; it stands for a minute and may be spent once',
    scope: 'pdp.evaluate',
    response: 'Nonce',
    problems: [],
  },
}
