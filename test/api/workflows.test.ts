/** How workflows stand, over HTTP: before and after a restart, and to whom. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { mintPepToken } from '../../service/adapter/development/mint.ts'
import type { PepRegistration } from '../../service/contract/pep-registration.ts'
import type { Query } from '../../service/contract/query.ts'
import type { WorkflowView } from '../../service/contract/workflow-view.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'

let service: DevelopmentService
let permit: Query
let headers: Record<string, string>

beforeAll(async () => {
  const registration: PepRegistration = {
    ...{ client_id: 'elsewhere', issuer: development.identityIssuer, proof: { bearer: {} } },
    ...{ project: 'elsewhere', environment: 'development', servers: [] },
    ...{ owner: 'platform-team', review_by: development.reviewBy },
    scopes: ['pdp.evaluate'],
  }
  service = await startDevelopmentService({ peps: [registration] })
  permit = (await queriesByEffect(service.keys)).permit
  const claims = { sub: 'elsewhere', client_id: 'elsewhere' }
  const token = await mintPepToken(service.keys, 'pdp.evaluate', claims)
  headers = { authorization: `Bearer ${token}` }
})
afterAll(async () => {
  await service.stop()
})

async function viewOf(id: string): Promise<WorkflowView> {
  const { status, body } = await service.get(`/v1/workflows/${id}`)
  expect(status).toBe(200)
  return body as WorkflowView
}

describe('a workflow', () => {
  it('shows what happened in it and what was not reported, the same after a restart', async () => {
    const first = await service.ask(permit)
    const { id } = first.workflow
    const second = await service.ask({ ...permit, workflow: { id } })
    expect(second.workflow).toEqual({ id })
    expect(await viewOf(id)).toMatchObject({
      ...{ tenant: 'dev', id, project: 'playground', depth: 0, root: null, is_past_known: true },
      ...{ taint: [], spent: { calls: 2 }, servers: ['ops'], purpose: 'incident.restore' },
      unreported: [{ decision_id: first.decision_id }, { decision_id: second.decision_id }],
      ...{ done: [], entries: 2 },
    })
    await service.post(`/v1/decisions/${first.decision_id}/outcome`, { status: 'executed' })
    const reported = await viewOf(id)
    expect(reported).toMatchObject({
      unreported: [{ decision_id: second.decision_id }],
      done: [{ decision_id: first.decision_id, server: 'ops', capability: 'tool:status' }],
      entries: 3,
    })
    service = await service.restart()
    expect(await viewOf(id)).toEqual(reported)
    const third = await service.ask({ ...permit, workflow: { id } })
    expect(third.workflow).toEqual({ id })
    expect((await viewOf(id)).spent.calls).toBe(3)
  })

  it('is not there for a gateway of another project, as one that there is not', async () => {
    const { workflow } = await service.ask(permit)
    const other = await service.get(`/v1/workflows/${workflow.id}`, headers)
    const none = await service.get('/v1/workflows/wf_none', headers)
    expect(other.status).toBe(404)
    expect({ ...other.body, instance: '' }).toEqual({ ...none.body, instance: '' })
  })

  it('that was begun with an unknown id says so', async () => {
    const { workflow } = await service.ask({ ...permit, workflow: { id: 'wf_made-up' } })
    expect(workflow.id).not.toBe('wf_made-up')
    expect(await viewOf(workflow.id)).toMatchObject({ is_past_known: false, spent: { calls: 1 } })
    expect((await service.get('/v1/workflows/wf_made-up')).status).toBe(404)
  })
})
