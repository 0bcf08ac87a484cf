/** Whose votes count: by a registry that asks two persons, names a sponsor and knows two accounts of one person. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import type { ApprovalView } from '../../service/contract/approval.ts'
import type { Query } from '../../service/contract/query.ts'
import type { Registry } from '../../service/contract/registry.ts'
import { development } from '../../service/adapter/development/development-tenant.ts'
import { mintAccessToken } from '../../service/adapter/development/mint.ts'
import { answer, type Answer } from '../support/approver.ts'
import {
  queriesByEffect,
  startDevelopmentService,
  type DevelopmentService,
} from '../support/development-service.ts'
import { registryCopy, releasedBundles, type Release } from '../support/released-bundles.ts'

const account = (sub: string) => ({ iss: development.identityIssuer, sub })

/** Rita and Rob are members by the registry; Rita has a second account, and Alice has one among the members. */
function registry(members: readonly string[]): Registry {
  const copy = registryCopy()
  const deploy = copy.servers['ops']?.capabilities['tool:deploy']
  if (deploy === undefined) throw new Error('the development registry has no deploy')
  deploy.approval = { group: 'release-managers', quorum: 2 }
  copy.groups['release-managers'] = members.map(account)
  copy.persons = {
    rita: [account('rita'), account('rita-admin')],
    alice: [account('alice'), account('alice-admin')],
  }
  for (const agent of Object.values(copy.agents)) agent.sponsor = account('sam')
  const [agent] = Object.values(copy.agents)
  if (agent === undefined) throw new Error('the development registry has no agent')
  copy.agents['planner'] = { ...agent, sponsor: account('pia') }
  return copy
}

const everybody = ['rita', 'rita-admin', 'rob', 'alice', 'alice-admin', 'sam', 'pia']
let service: DevelopmentService
let release: Release
let held: Query
let sequence = 10
let replicas = 0

beforeAll(async () => {
  release = releasedBundles(registry(everybody), sequence)
  service = await startDevelopmentService({ bundles: release.directory })
  held = (await queriesByEffect(service.keys)).hold
})
afterAll(async () => {
  await service.stop()
})
beforeEach(() => {
  replicas += 1
  held = { ...held, capability: { ...held.capability, arguments: { env: 'prod', replicas } } }
})

const none: Answer = { groups: [] }
const effect = async (): Promise<string> => (await service.ask(held)).effect
const asked = async (): Promise<string> => (await service.ask(held)).hold?.id ?? ''
const statusOf = async (id: string): Promise<string> =>
  ((await service.get(`/v1/approvals/${id}`)).body['approval'] as ApprovalView).status

async function codeOf(id: string, sub: string, given: Answer = none): Promise<unknown> {
  const { status, body } = await answer(service, id, sub, given)
  return status === 200 ? 'taken' : body['code']
}

describe('a quorum of two', () => {
  it('is two persons', async () => {
    const id = await asked()
    expect(await codeOf(id, 'rita')).toBe('taken')
    expect([await statusOf(id), await effect()]).toEqual(['pending', 'hold'])
    expect(await codeOf(id, 'rob')).toBe('taken')
    expect([await statusOf(id), await effect()]).toEqual(['approved', 'permit'])
  })

  it('is not one person with two accounts, nor one who votes twice', async () => {
    const id = await asked()
    expect(await codeOf(id, 'rita')).toBe('taken')
    expect(await codeOf(id, 'rita')).toBe('taken')
    expect(await codeOf(id, 'rita', { ...none, verdict: 'deny' })).toBe('vote_conflict')
    expect(await codeOf(id, 'rita-admin')).toBe('vote_conflict')
    expect([await statusOf(id), await effect()]).toEqual(['pending', 'hold'])
  })

  it('is not there while two vote at once as one', async () => {
    const id = await asked()
    await Promise.all(Array.from({ length: 20 }, () => codeOf(id, 'rita')))
    const { body } = await service.get(`/v1/approvals/${id}`)
    expect((body['approval'] as ApprovalView).votes).toHaveLength(1)
    expect(await effect()).toBe('hold')
  })
})

describe('nobody votes', () => {
  it.each<[string, string, Answer]>([
    ['who asked', 'alice', none],
    ['who asked, with another account', 'alice-admin', none],
    ['who answers for the agent', 'sam', none],
    ['who is in no group', 'mallory', none],
    ['who is in another group', 'mallory', { groups: ['staff'] }],
    ['on what was not shown', 'rita', { ...none, shown: `sha256:${'0'.repeat(64)}` }],
    ['as a workload', 'https://console.dev.countersign.test', { groups: ['release-managers'] }],
  ])('%s', async (_who, sub, given) => {
    const id = await asked()
    expect(await codeOf(id, sub, given)).toBe('vote_refused')
    expect(await statusOf(id)).toBe('pending')
  })

  it('who answers for an agent further up the chain', async () => {
    const { access_token: token = '' } = held.initiator ?? {}
    const claims = decodeJwt(token)
    const act = { sub: 'planner' }
    const person = { sub: 'alice', client: String(claims['client_id']), groups: ['staff'] }
    const acted = await mintAccessToken(service.keys, person, String(claims.aud), {
      ...{ groups: claims['groups'], act },
    })
    held = { ...held, initiator: { ...held.initiator, access_token: acted } }
    const id = await asked()
    expect(id).not.toBe('')
    expect(await codeOf(id, 'pia')).toBe('vote_refused')
    expect(await codeOf(id, 'rita')).toBe('taken')
  })

  it('by a token that was issued to the agent', async () => {
    const id = await asked()
    const claims = { client_id: decodeJwt(held.initiator?.access_token ?? '')['client_id'] }
    expect(await codeOf(id, 'rita', { ...none, claims })).toBe('vote_refused')
    expect(await statusOf(id)).toBe('pending')
  })

  it.each<[string, Answer]>([
    ['by a token for another', { claims: { aud: 'https://mcp.dev.countersign.test/ops' } }],
    ['by a token that is over', { claims: { exp: Math.floor(Date.now() / 1000) - 60 } }],
    ['by a token of somebody who acts', { claims: { act: { sub: 'planner' } } }],
  ])('%s', async (_how, given) => {
    const id = await asked()
    expect(await codeOf(id, 'rita', given)).toBe('voter_unproven')
  })
})

describe('a vote that was cast', () => {
  it('no longer counts when the registry takes the group away', async () => {
    const id = await asked()
    await codeOf(id, 'rita')
    await codeOf(id, 'rob')
    expect(await statusOf(id)).toBe('approved')
    sequence += 1
    release.release(registry(['rita']), sequence)
    const settled = async (): Promise<boolean> => (await statusOf(id)) === 'pending'
    while (!(await settled())) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await effect()).toBe('hold')
    sequence += 1
    release.release(registry(everybody), sequence)
    while (await settled()) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await effect()).toBe('permit')
  })

  it('no longer counts when its voter is stopped', async () => {
    const id = await asked()
    await codeOf(id, 'rita')
    await codeOf(id, 'rob')
    const scope = { kind: 'initiator', ...account('rob') }
    const { body } = await service.post('/v1/stops', { scope, reason: 'gone' })
    expect(await effect()).toBe('hold')
    await service.post(`/v1/stops/${String(body['id'])}/lift`, { reason: 'back' })
    expect(await effect()).toBe('permit')
  })
})
