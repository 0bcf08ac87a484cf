/** An approval is void at once when anything that it was bound to is another, or is over. */
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { mintJwtSvid, mintPurposeGrant } from '../../service/adapter/development/mint.ts'
import type { ApprovalView } from '../../service/contract/approval.ts'
import type { Query } from '../../service/contract/query.ts'
import type { Registry } from '../../service/contract/registry.ts'
import { answer } from '../support/approver.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { registryCopy, releasedBundles, type Release } from '../support/released-bundles.ts'
import { pushEvent, sessionRevoked, signEvent } from '../support/security-event.ts'

let service: DevelopmentService
let release: Release
let held: Query
let approval: string
let replicas = 0
let sequence = 10

beforeAll(async () => {
  release = releasedBundles()
  service = await startDevelopmentService({ bundles: release.directory })
})
afterAll(async () => {
  await service.stop()
})
/** A deployment that Rita approved. */
beforeEach(async () => {
  const { hold } = await queriesByEffect(service.keys)
  replicas += 1
  held = { ...hold, capability: { ...hold.capability, arguments: { env: 'prod', replicas } } }
  approval = (await service.ask(held)).hold?.id ?? ''
  expect((await answer(service, approval, 'rita')).status).toBe(200)
})

async function told(query: Query = held): Promise<readonly string[]> {
  const { effect, reasons } = await service.ask(query)
  return [effect, ...reasons.map(({ code }) => code).sort()]
}

/** The registry as changed is what decides. */
async function released(change: (registry: Registry) => void): Promise<void> {
  const registry = registryCopy()
  change(registry)
  sequence += 1
  release.release(registry, sequence)
  const digestOf = async (): Promise<unknown> =>
    JSON.stringify((await service.get('/v1/policy')).body['active'])
  const before = await digestOf()
  while ((await digestOf()) === before) await new Promise((resolve) => setTimeout(resolve, 50))
}

const opsOf = (registry: Registry) => {
  const { ops } = registry.servers
  if (ops === undefined) throw new Error('the development registry has no ops')
  return ops
}
const waits = ['hold', 'capability.approval_required']

it('another argument', async () => {
  const other = { ...held.capability, arguments: { env: 'staging', replicas } }
  expect(await told({ ...held, capability: other })).toEqual(waits)
  expect(await told()).toEqual(['permit'])
})

it('a definition that has drifted', async () => {
  const { definition } = held.capability
  const drifted = { ...definition, description: 'Deploys, and tells nobody.' }
  expect(await told({ ...held, capability: { ...held.capability, definition: drifted } })).toEqual([
    ...waits,
    'supply.definition_drifted',
  ])
  expect(await told()).toEqual(['permit'])
})

it('another grant, or none any more', async () => {
  const terms = {
    purpose: { code: 'incident.restore', ref: 'INC-4712' },
    capabilities: ['ops/tool:deploy'],
    data: {
      classifications: ['internal'],
      ...{ resources: [], residency: ['EU'], directions: ['internal' as const] },
    },
  }
  const grant = await mintPurposeGrant(service.keys, 'alice', terms)
  expect(await told({ ...held, purpose: { grant } })).toEqual(waits)
  const { purpose: _ended, ...without } = held
  expect((await told(without))[0]).toBe('deny')
  expect(await told()).toEqual(['permit'])
})

it('another workload behind the same server', async () => {
  const moved = 'spiffe://dev.countersign.test/mcp/ops-2'
  await released((registry) => (opsOf(registry).workload = { spiffe_id: moved }))
  const proof = { jwt_svid: await mintJwtSvid(service.keys, moved) }
  expect(await told({ ...held, server: { id: 'ops', proof } })).toEqual(waits)
  await released(() => undefined)
  expect(await told()).toEqual(['permit'])
})

it('a revision that forbids it, or asks for more', async () => {
  await released((registry) => {
    delete opsOf(registry).capabilities['tool:deploy']
  })
  expect((await told())[0]).toBe('deny')
  await released((registry) => {
    const deploy = opsOf(registry).capabilities['tool:deploy']
    if (deploy !== undefined) deploy.approval = { group: 'release-managers', quorum: 2 }
  })
  const { effect, hold } = await service.ask(held)
  expect([effect, hold?.id === approval]).toEqual(['hold', false])
  await released(() => undefined)
})

it('an initiator who is stopped', async () => {
  const scope = { kind: 'initiator', iss: development.identityIssuer, sub: 'alice' }
  const { body } = await service.post('/v1/stops', { scope, reason: 'an incident' })
  expect(await told()).toEqual(['deny', 'stop.initiator'])
  await service.post(`/v1/stops/${String(body['id'])}/lift`, { reason: 'over' })
})

// Last: she stays revoked for as long as tokens are of the same second.
it('an approver who was revoked', async () => {
  const event = await signEvent(service.keys, sessionRevoked('rita'))
  expect((await pushEvent(service, event)).status).toBe(202)
  expect(await told()).toEqual(waits)
  const { body } = await service.get(`/v1/approvals/${approval}`)
  expect((body['approval'] as ApprovalView).status).toBe('pending')
})
