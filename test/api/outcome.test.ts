/** An outcome is said by the gateway that asked, and by nobody who may only read. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { loadDevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { exampleQueries } from '../../service/adapter/development/example-queries.ts'
import { mintPepToken } from '../../service/adapter/development/mint.ts'
import { developmentConfig } from '../../service/development-config.ts'
import { startService } from '../../service/serve.ts'
import { silent } from '../support/development-service.ts'

it('another gateway with the scope of audit reads a decision and cannot say what became of it', async () => {
  const data = mkdtempSync(join(tmpdir(), 'countersign-test-'))
  const keys = await loadDevelopmentKeys(data)
  const config = developmentConfig(keys, { data, port: 0, bundles: undefined })
  const tenants = config.tenants.map((tenant) => ({
    ...tenant,
    peps: [
      {
        ...tenant.peps[0],
        client_id: 'asker',
        issuer: development.identityIssuer,
        project: 'p',
        environment: 'e',
        servers: [],
        owner: 'o',
        review_by: 4_102_444_800,
      },
      ...tenant.peps,
    ],
  }))
  const asker = { apiKey: keys.apiKey, clientId: 'asker' }
  const running = await startService({ ...config, tenants, development: asker }, silent)
  const call = (path: string, credential: string, body?: unknown): Promise<Response> =>
    fetch(`${running.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const [example] = await exampleQueries(keys)
  const asked = (await (await call('/v1/decisions', keys.apiKey, example?.query)).json()) as {
    decision_id: string
  }
  const path = `/v1/decisions/${asked.decision_id}`
  const auditor = await mintPepToken(keys, 'pdp.evaluate pdp.audit.read')
  expect((await call(path, auditor)).status).toBe(200)
  const { input } = (await (await call(`${path}/input`, auditor)).json()) as { input: object }
  expect(input).toMatchObject({ question: { key: 'tool:status' } })
  // The gateway that asked may read what it was answered, and not what policy knows of the person.
  const gateway = await mintPepToken(keys, 'pdp.evaluate')
  expect((await call(`${path}/input`, gateway)).status).toBe(403)
  expect((await call('/v1/decisions/dec_none/input', auditor)).status).toBe(404)
  expect((await call(`${path}/outcome`, auditor, { status: 'suppressed' })).status).toBe(404)
  expect((await call(`${path}/outcome`, keys.apiKey, { status: 'executed' })).status).toBe(200)
  await running.stop('test')
})
