// What HTTP costs alone: the same body read, the same gateway authenticated, and an answer as long as a
// real one written, by the service's own code, with no decision between.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { Query } from '../../service/contract/query.ts'
import type { Tenant } from '../../service/flow/tenant.ts'
import { authenticatePep } from '../../service/http/authenticate-pep.ts'
import { Console } from '../../service/http/console/console.ts'
import { readJsonBody, sendJson } from '../../service/http/exchange.ts'
import type { Service } from '../../service/http/service.ts'
import { aimAt } from './load.ts'
import { loadGenerator } from './measure.ts'
import type { Question } from './question.ts'

const seconds = 1

/** Microseconds for one exchange: of CPU in this process, and of time. */
export async function httpCost(
  folder: string,
  tenant: Tenant,
  questions: readonly Question[],
  pepToken: string,
): Promise<{ readonly cpu: number; readonly alone: number }> {
  const service = serviceOf(tenant)
  const server = createServer((request, response) => {
    exchange(request, response, service).catch(() => {
      response.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const target = {
    name: 'http',
    url: `http://127.0.0.1:${port}/`,
    bearer: pepToken,
    bodyOf: (query: Query) => JSON.stringify(query),
  }
  const aim = aimAt(
    target,
    'alone',
    folder,
    questions.map(({ query }) => query),
    0,
  )
  const generator = loadGenerator()
  await generator.run(aim, seconds)
  const cpu = process.cpuUsage()
  const load = await generator.run(aim, seconds)
  const { user, system } = process.cpuUsage(cpu)
  server.close()
  return { cpu: (user + system) / load.permit, alone: (load.seconds * 1e6) / load.permit }
}

async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  service: Service,
): Promise<void> {
  const body = await readJsonBody(request)
  await authenticatePep(request, service, { scope: 'pdp.evaluate', body, decides: true })
  sendJson(request, response, 200, answer)
}

/** As long as a decision's answer with its token. */
const answer = { effect: 'permit', token: 'A'.repeat(4000) }

function serviceOf(tenant: Tenant): Service {
  return {
    publicUrl: 'http://127.0.0.1',
    tenants: new Map([[tenant.tenant.audience, tenant]]),
    console: new Console(() => 'http://127.0.0.1', tenant.clock, null),
    openapi: {},
    metrics: () => Promise.resolve({ type: 'text/plain', text: '' }),
    observe: {
      decided: () => undefined,
      observed: () => undefined,
      refused: () => undefined,
      callerRefused: () => undefined,
      failed: () => undefined,
    },
    notices: () => [],
    accepting: () => true,
  }
}
